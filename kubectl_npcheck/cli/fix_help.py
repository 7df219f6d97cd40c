"""The examples and tables below the options of `fix -h`."""

from __future__ import annotations

EPILOG = """\b
Examples:
  # Show what would change below the current directory, and why the rest would not
  {program} fix --diff
  # Write it
  {program} fix
  # The same for some files; the rest of their repository is read to reason with
  {program} fix k8s/web.yaml k8s/db.yaml
  # Deny what is not stated, or allow DNS only
  {program} fix --strategy deny-all k8s/
  {program} fix --strategy dns k8s/
  # A filter
  helm template mychart | {program} fix --allow-widening - > rendered.yaml
  # A cluster: the plan, with a dry run of each change on the server; then a backup, and the writes
  {program} fix --live -A
  {program} fix --live -A --apply
  # Take it back
  {program} fix --live --undo npcheck-backup-20261126T140311Z.yaml
  # Policies whose stored policyTypes are left from an earlier version of their manifest
  {program} fix --live -A --rule sticky-default

\b
Strategies:
  preserve   keep what Kubernetes as published does today: `egress: [{}]` where nothing else
             states the egress of the pods, Egress without rules where other policies do (default)
  allow-all  `egress: [{}]`; refused where that would undo another policy's restriction
  deny-all   Egress without rules: the pods may send nothing, unless another policy allows it
  dns        UDP and TCP 53 to the cluster's DNS
  rules      the egress rules in --rules-file

\b
Exit codes:
  0  nothing to do
  1  something was changed (with --diff, or --live without --apply: would be), or findings at or
     above --fail-on remain; --undo: an object was left alone, since somebody else has changed it
  2  wrong usage, or a bad .npcheck.yaml or baseline
  3  an input could not be read or parsed, or a file could not be written
  4  the cluster could not be reached, refused or broke off (--live)
  5  a defect in npcheck, or a repair that could not be proved: nothing was written
"""
