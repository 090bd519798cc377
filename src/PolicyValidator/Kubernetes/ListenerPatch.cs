using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>An operation of an EnvoyPatchPolicy on a field of an HTTP filter's configuration in a listener.</summary>
/// <param name="Policy">The EnvoyPatchPolicy.</param>
/// <param name="Operation">The operation.</param>
/// <param name="Listener">The name of Envoy's listener.</param>
/// <param name="Filter">The filters that it is for.</param>
internal sealed record ListenerPatch(KubernetesObject Policy, KubernetesValue Operation, string Listener, FilterChoice Filter)
{
    /// <summary>The type of resource that it is for.</summary>
    public const string ListenerType = "type.googleapis.com/envoy.config.listener.v3.Listener";

    /// <summary>The way from the filter's configuration to the field, with slashes: <c>processing_mode/request_trailer_mode</c>.</summary>
    public string Field => Filter.Field;

    /// <summary><c>add</c>, <c>replace</c> and so on.</summary>
    public string Op => Operation.TextOf("op") ?? "";

    /// <summary>The value to write; null when there is none.</summary>
    public KubernetesValue? Value => Operation["value"];

    /// <summary>All that change a field of a filter's configuration, in the order in which Envoy Gateway makes them.</summary>
    public static IEnumerable<ListenerPatch> All(PolicySet policies) =>
        from written in policies.Patches
        where written.Type == ListenerType
        from filter in written.Filters
        select new ListenerPatch(written.Policy, written.Operation, written.Name, filter);

    /// <summary>Whether it is for the filter of an entry; null where that cannot be told.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="policies">What was read, for the listeners that the entry's policy is on.</param>
    public bool? IsFor(PolicyEntry entry, PolicySet policies) => (GatewayListener.IsOn(policies, entry.Policy, Listener), Filter.Takes(entry.FilterName)) switch
    {
        (false, _) or (_, false) => false,
        (true, true) => true,
        // The whole name of the filter says which policy is meant.
        (_, true) when Filter.Key.Contains(entry.FilterName, StringComparison.Ordinal) => true,
        // A place in the list is that of the only filter that is known to be in it.
        (true, null) when IsOnly(entry, policies) => true,
        _ => null,
    };

    private bool IsOnly(PolicyEntry entry, PolicySet policies) => policies.Filters
        .Select(filter => filter.MadeFrom)
        .OfType<PolicyEntry>()
        .All(other => ReferenceEquals(other, entry) || other == entry || GatewayListener.IsOn(policies, other.Policy, Listener) == false);
}
