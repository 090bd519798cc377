using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>What rules ask again and again about the patches of a run and the policies that they may be for, answered once.</summary>
internal sealed class PatchIndex(PolicySet policies)
{
    /// <summary>So many patches for so many filters are an attempt to keep us busy: those behind are not looked at.</summary>
    private const int MostPatches = 500, MostPairs = 100_000;

    /// <summary>So many paths are followed through so many filters; of the others it cannot be told for which they are.</summary>
    private const int MostFollowed = 20_000;

    private readonly Dictionary<object, IReadOnlyList<GatewayListener>> listeners = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, IReadOnlyList<(PolicyEntry Entry, bool IsSure)>> byListener = new(StringComparer.Ordinal);
    private readonly Dictionary<(FilterChoice Choice, string Name), bool?> taken = [];
    private readonly object noRoute = new();

    private readonly Lazy<IReadOnlyList<ListenerPatch>> ofListeners = new(() => [.. ListenerPatch.Read(policies).Cancellable(policies.Cancellation)]);

    private readonly Lazy<ILookup<Direction, ListenerPatch>> ofTrailers = new(() => Direction.Both
        .SelectMany(direction => policies.PatchIndex.OfListeners.Where(patch => patch.Field == $"processing_mode/{direction.TrailerMode}").TakeLast(policies.PatchIndex.MostLookedAt)
            .Select(patch => (Direction: direction, Patch: patch)))
        .ToLookup(each => each.Direction, each => each.Patch));

    private readonly Lazy<IReadOnlyList<PatchedFilter>> patched = new(() => [.. PatchedFilter.Read(policies)]);

    private readonly Lazy<IReadOnlyList<PolicyEntry>> made = new(() => [.. policies.Filters.Select(filter => filter.MadeFrom).OfType<PolicyEntry>().Distinct()]);

    private readonly Lazy<bool> hasFilterOfPatch = new(() => HasFilterOfPatch(policies));

    /// <summary>All that change a field of a filter's configuration, in the order in which Envoy Gateway makes them.</summary>
    public IReadOnlyList<ListenerPatch> OfListeners => ofListeners.Value;

    /// <summary>Those of trailer modes, as many as are looked at, by direction.</summary>
    public ILookup<Direction, ListenerPatch> OfTrailers => ofTrailers.Value;

    /// <summary>The filters that they change.</summary>
    public IReadOnlyList<PatchedFilter> Patched => patched.Value;

    /// <summary>The entries of policies that become filters.</summary>
    public IReadOnlyList<PolicyEntry> Made => made.Value;

    /// <summary>Whether a patch puts a filter in.</summary>
    public bool PutsFilterIn => hasFilterOfPatch.Value;

    /// <summary>How many patches are held against all that policies make.</summary>
    public int MostLookedAt => Math.Clamp(MostPairs / Math.Max(1, Made.Count), 1, MostPatches);

    /// <summary>The listeners that a policy's routes are on.</summary>
    public IReadOnlyList<GatewayListener> ListenersOf(KubernetesObject policy) => Kept(policy, () => GatewayListener.Find(policies, policy));

    /// <summary>The listeners that a route is on.</summary>
    /// <param name="route">The route; null for one that is not among the inputs.</param>
    public IReadOnlyList<GatewayListener> ListenersOfRoute(KubernetesObject? route) =>
        Kept(route ?? noRoute, () => [.. GatewayListener.OfRoute(policies, route).DistinctBy(listener => listener.Name)]);

    /// <summary>The entries that are in a listener, surely or as far as can be told.</summary>
    public IReadOnlyList<(PolicyEntry Entry, bool IsSure)> MayBeOn(string listener)
    {
        if (!byListener.TryGetValue(listener, out IReadOnlyList<(PolicyEntry, bool)>? found))
        {
            byListener[listener] = found =
            [
                .. from entry in Made.Cancellable(policies.Cancellation)
                   let isOn = GatewayListener.IsOn(policies, entry.Policy, listener)
                   where isOn != false
                   select (entry, isOn == true),
            ];
        }

        return found;
    }

    /// <summary>Whether a filter is among those that a patch is for; null where that cannot be told.</summary>
    public bool? Takes(FilterChoice choice, string filterName)
    {
        policies.Cancellation.ThrowIfCancellationRequested();
        if (!taken.TryGetValue((choice, filterName), out bool? takes) && taken.Count < MostFollowed)
        {
            taken[(choice, filterName)] = takes = choice.Takes(filterName);
        }

        return takes;
    }

    private IReadOnlyList<GatewayListener> Kept(object key, Func<IReadOnlyList<GatewayListener>> find) =>
        listeners.TryGetValue(key, out IReadOnlyList<GatewayListener>? found) ? found : listeners[key] = find();

    private static bool HasFilterOfPatch(PolicySet policies)
    {
        HashSet<(SourceText, int)> patched = [.. policies.Patches.Select(patch => (patch.Policy.Document.Source, patch.Policy.Document.Index))];
        return policies.Filters.Any(filter => filter.MadeFrom is null && patched.Contains((filter.Document.Source, filter.Document.Index)));
    }
}
