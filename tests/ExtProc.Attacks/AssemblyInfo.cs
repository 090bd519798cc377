// Attacks are measured: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
