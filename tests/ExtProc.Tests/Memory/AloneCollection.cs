namespace ExtProc.Tests.Memory;

/// <summary>Tests that measure what the whole process does: none runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone in the process";
}
