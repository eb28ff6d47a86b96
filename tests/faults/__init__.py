"""Many who write at once, and servers that die while they do: nothing that was saved is ever lost.

`attempts` is what writers sent and were answered, `writers` the simulated coordinators, `checker` what
compares what they were told with what is there. `careless` holds portals that lose reports, for the checker
to find. `year` is what is written about; `servers` starts the portal and kills it.
"""
