"""What `make dist` makes: the zipapps, their archives, the package, and what describes them."""
