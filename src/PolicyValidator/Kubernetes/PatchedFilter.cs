using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>A filter that patches change, and what they make of a direction of it.</summary>
/// <param name="Direction">The direction.</param>
/// <param name="Modes">Its modes after all patches.</param>
internal sealed record PatchedFilter(Direction Direction, PatchedModes Modes)
{
    /// <summary>
    /// Those of the policies among the inputs, as far as it is known that a patch is for them; and for each patch of a body mode that is for
    /// none of these the filter that it is for, of which nothing else is known.
    /// </summary>
    public static IEnumerable<PatchedFilter> All(PolicySet policies) => policies.PatchIndex.Patched;

    /// <summary>The same, worked out; <see cref="PatchIndex"/> keeps them.</summary>
    public static IEnumerable<PatchedFilter> Read(PolicySet policies)
    {
        IReadOnlyList<ListenerPatch> patches = policies.PatchIndex.LookedAt(
            [.. ListenerPatch.All(policies).Where(patch => patch.Field.StartsWith("processing_mode", StringComparison.Ordinal))],
            patch => (patch.Policy.Document, patch.Operation.Node),
            "patches of processing modes");
        ILookup<string, ListenerPatch> byListener = patches.ToLookup(patch => patch.Listener);
        ExtProcFilter[] made = patches.Count == 0 ? [] : [.. policies.Filters.Where(filter => filter.MadeFrom is not null)];
        HashSet<ListenerPatch> placed = [.. patches.Where(patch => made.Any(filter => patch.IsFor(filter.MadeFrom!, policies) == true))];
        return
        [
            .. from filter in made
               from listener in byListener
               where GatewayListener.IsOn(policies, filter.MadeFrom!.Policy, listener.Key) != false
               from direction in Direction.Both
               let mode = WrittenMode.Of(filter)
               let start = new PatchedModes(mode.Body(direction).Value, mode.SendsTrailers(direction) ? "SEND" : "SKIP", null, null)
               select new PatchedFilter(direction, PatchedModes.After(start, listener, direction, patch => patch.IsFor(filter.MadeFrom!, policies))),
            .. from patch in patches.Where(patch => !placed.Contains(patch)).DistinctBy(patch => (patch.Listener, patch.Filter.Key))
               from direction in Direction.Both
               let start = new PatchedModes("NONE", "SKIP", null, null)
               select new PatchedFilter(direction, PatchedModes.After(start, byListener[patch.Listener], direction, other => IsForSame(policies, patch, other))),
        ];
    }

    /// <summary>Whether another patch is for the filter that a patch is for.</summary>
    private static bool? IsForSame(PolicySet policies, ListenerPatch patch, ListenerPatch other) =>
        other.Filter.Key == patch.Filter.Key || policies.PatchIndex.TakesAll(other.Filter) ? true
        : IsPlace(patch) && IsPlace(other) ? false
        : null;

    /// <summary>Two places of a list are two filters.</summary>
    private static bool IsPlace(ListenerPatch patch) => patch.Filter.Key.EndsWith(']') ? int.TryParse(patch.Filter.Key[(patch.Filter.Key.LastIndexOf('[') + 1)..^1], out _) : char.IsAsciiDigit(patch.Filter.Key[^1]);
}
