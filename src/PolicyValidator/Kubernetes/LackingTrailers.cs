using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>A full-duplex body of a policy whose trailers neither the product nor a patch of the input sends.</summary>
/// <param name="Entry">The entry of the policy.</param>
/// <param name="Direction">The body's direction.</param>
/// <param name="Body">Where the body mode is written.</param>
internal sealed record LackingTrailers(PolicyEntry Entry, Direction Direction, Node Body)
{
    /// <summary>All of a run.</summary>
    public static IEnumerable<LackingTrailers> All(PolicySet policies) =>
        from filter in policies.Filters
        let entry = filter.MadeFrom
        where entry is not null
        let mode = WrittenMode.Of(filter)
        from direction in Direction.Both
        where mode.HasBody(direction, "FULL_DUPLEX_STREAMED") && !mode.SendsTrailers(direction)
        where !IsPatched(policies, entry!, direction)
        select new LackingTrailers(entry!, direction, mode.Body(direction).Place.Node!);

    /// <summary>Whether patches send the trailers in every listener, as far as the listeners are known.</summary>
    private static bool IsPatched(PolicySet policies, PolicyEntry entry, Direction direction)
    {
        ListenerPatch[] patches = [.. policies.PatchIndex.OfTrailers[direction].Where(patch => patch.IsFor(entry, policies) != false)];
        IReadOnlyList<GatewayListener> listeners = GatewayListener.Of(policies, entry.Policy);
        return listeners.Count == 0 ? Sends(patches) : listeners.All(listener => Sends(patches.Where(patch => patch.Listener == listener.Name)));
    }

    private static bool Sends(IEnumerable<ListenerPatch> patches) => patches.LastOrDefault() is { Op: "add" or "replace", Value.Text: "SEND" };
}
