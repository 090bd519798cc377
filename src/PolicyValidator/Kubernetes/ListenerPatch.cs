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
    public static IEnumerable<ListenerPatch> All(PolicySet policies) => policies.PatchIndex.OfListeners;

    /// <summary>The same, read; <see cref="PatchIndex"/> keeps them.</summary>
    public static IEnumerable<ListenerPatch> Read(PolicySet policies) =>
        from written in policies.Patches
        where written.Type == ListenerType
        from filter in written.Filters
        select new ListenerPatch(written.Policy, written.Operation, written.Name, filter);

    /// <summary>Whether it is for the filter of an entry; null where that cannot be told.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="policies">What was read, for the listeners that the entry's policy is on.</param>
    public bool? IsFor(PolicyEntry entry, PolicySet policies)
    {
        bool? isOn = GatewayListener.IsOn(policies, entry.Policy, Listener);
        return isOn == false ? false : (isOn, policies.PatchIndex.Takes(Filter, entry.FilterName, Policy, Operation)) switch
        {
            (_, false) => false,
            (true, true) => true,
            // The whole name of the filter says which policy is meant.
            (_, true) when Filter.Key.Contains(entry.FilterName, StringComparison.Ordinal) => true,
            // A place in the list is that of the only filter that is known to be in it.
            (true, null) when policies.PatchIndex.MayBeOn(Listener).All(other => other.Entry == entry) => true,
            _ => null,
        };
    }
}
