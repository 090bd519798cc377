using PolicyValidator.Inputs;

namespace PolicyValidator.Model;

/// <summary>A place at which failures of the processor let the traffic pass, and the processing mode that counts with it.</summary>
/// <param name="Document">The document that says so.</param>
/// <param name="Allow">Where it says so.</param>
/// <param name="Mode">The mode, which may stand in another document.</param>
internal sealed record FailOpen(SourceDocument Document, Located<bool> Allow, WrittenMode Mode)
{
    /// <summary>Whether nobody wrote it: the product's own default.</summary>
    public bool IsDefault => Document.Translation?.Defaults.Contains("failure_mode_allow") == true;

    /// <summary>How it came to be.</summary>
    public string Said => IsDefault ? "failure_mode_allow is left out, which means true" : "failure_mode_allow is true";

    /// <summary>
    /// All of them: in filters, on routes with what the route leaves to the filter, and in overrides without a filter. Observers are left
    /// out: their answers change nothing, so that no failure leaves a body half changed, and failing open is right for them.
    /// </summary>
    public static IEnumerable<FailOpen> All(PolicySet policies) =>
        policies.Filters.Where(filter => !filter.IsObserver).Select(filter => new FailOpen(filter.Document, filter.Config.Bool("failure_mode_allow"), WrittenMode.Of(filter)))
            .Concat(RoutedFilter.All(policies).Where(routed => !routed.Filter.IsObserver).Select(routed => routed.FailOpen))
            .Concat(policies.Overrides.Where(route => !route.Filters.Any(filter => filter.IsObserver)).Select(Alone).OfType<FailOpen>())
            .Where(open => open.Allow.Value);

    private static FailOpen? Alone(ExtProcOverride route) =>
        WrittenMode.Of(route) is { } mode ? new(route.Document, route.Config.Bool("overrides.failure_mode_allow"), mode) : null;
}
