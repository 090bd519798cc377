using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>Everything that one run has read.</summary>
public sealed class PolicySet
{
    /// <summary>All documents, those without ext_proc too.</summary>
    public IReadOnlyList<SourceDocument> Documents { get; internal init; } = [];

    /// <summary>All ext_proc filters.</summary>
    public IReadOnlyList<ExtProcFilter> Filters { get; internal init; } = [];

    /// <summary>All per-route configurations of ext_proc.</summary>
    public IReadOnlyList<ExtProcOverride> Overrides { get; internal init; } = [];

    /// <summary>All lists of HTTP filters, those without ext_proc too.</summary>
    public IReadOnlyList<FilterList> Lists { get; internal init; } = [];

    /// <summary>What the readers found wrong; the schema rules turn it into findings.</summary>
    internal IReadOnlyList<ConfigProblem> Problems { get; init; } = [];
}
