using PolicyValidator.Inputs;
using PolicyValidator.Model;

namespace PolicyValidator.Kubernetes;

/// <summary>What rules ask again and again about the patches of a run and the policies that they may be for, answered once.</summary>
internal sealed class PatchIndex(PolicySet policies)
{
    /// <summary>So many patches are held against what policies make, less where policies make very much.</summary>
    private const int MostPatches = 500, MostPairs = 100_000;

    /// <summary>So many paths are followed through so many filters; of the others it cannot be told for which they are.</summary>
    private const int MostFollowed = 20_000;

    private readonly Dictionary<object, IReadOnlyList<GatewayListener>> listeners = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, IReadOnlyList<(PolicyEntry Entry, bool IsSure)>> byListener = new(StringComparer.Ordinal);
    private readonly Dictionary<(FilterChoice Choice, string Name), bool?> taken = [];
    private readonly Dictionary<FilterChoice, bool> forAll = [];
    private readonly object noRoute = new();
    private bool isBeyondFollowed;

    private readonly Lazy<IReadOnlyList<ListenerPatch>> ofListeners = new(() => [.. ListenerPatch.Read(policies).Cancellable(policies.Cancellation)]);

    private readonly Lazy<ILookup<Direction, ListenerPatch>> ofTrailers = new(() => Direction.Both
        .SelectMany(direction => TrailerPatches(policies.PatchIndex, direction).Select(patch => (Direction: direction, Patch: patch)))
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

    /// <summary>As many patches as are held against all that policies make.</summary>
    /// <param name="patches">The patches.</param>
    /// <param name="place">Where one stands.</param>
    /// <param name="what">What they are, in the plural.</param>
    public IReadOnlyList<T> LookedAt<T>(IReadOnlyList<T> patches, Func<T, (SourceDocument, Node?)> place, string what) =>
        policies.Unjudged.First(patches, Math.Clamp(MostPairs / Math.Max(1, Made.Count), 1, MostPatches), () => what, place);

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
    /// <param name="choice">What the patch is for.</param>
    /// <param name="filterName">The filter's name.</param>
    /// <param name="policy">The patch's policy.</param>
    /// <param name="operation">The patch's operation.</param>
    public bool? Takes(FilterChoice choice, string filterName, KubernetesObject policy, KubernetesValue operation)
    {
        policies.Cancellation.ThrowIfCancellationRequested();
        if (taken.TryGetValue((choice, filterName), out bool? takes))
        {
            return takes;
        }

        if (taken.Count < MostFollowed)
        {
            return taken[(choice, filterName)] = Followed(choice, filterName, policy, operation);
        }

        if (!isBeyondFollowed)
        {
            isBeyondFollowed = true;
            policies.Unjudged.Add(policy.Document, operation.Node, $"for which filters this operation is was not told for all of them, nor for those of operations behind it: {MostFollowed} paths were followed before, which is the most");
        }

        return null;
    }

    /// <summary>Whether a patch is for every filter, whatever its name.</summary>
    public bool TakesAll(FilterChoice choice) => forAll.TryGetValue(choice, out bool isForAll) ? isForAll : forAll[choice] = choice.Takes(null) == true;

    private bool? Followed(FilterChoice choice, string filterName, KubernetesObject policy, KubernetesValue operation)
    {
        bool? takes = choice.Takes(filterName, out string? notFollowed);
        if (notFollowed is not null)
        {
            policies.Unjudged.Add(
                policy.Document,
                (operation["jsonPath"] ?? operation).Node,
                $"for which filters this operation is was not told: {notFollowed}",
                "look yourself at what it finds, or write the path to one filter by its name");
        }

        return takes;
    }

    /// <summary>The last are looked at, because of several patches the last one counts.</summary>
    private static IEnumerable<ListenerPatch> TrailerPatches(PatchIndex index, Direction direction)
    {
        ListenerPatch[] lastFirst = [.. index.OfListeners.Where(patch => patch.Field == $"processing_mode/{direction.TrailerMode}").Reverse()];
        return index.LookedAt(lastFirst, patch => (patch.Policy.Document, patch.Operation.Node), $"patches of {direction.TrailerMode}, from the last one on,").Reverse();
    }

    private IReadOnlyList<GatewayListener> Kept(object key, Func<IReadOnlyList<GatewayListener>> find) =>
        listeners.TryGetValue(key, out IReadOnlyList<GatewayListener>? found) ? found : listeners[key] = find();

    private static bool HasFilterOfPatch(PolicySet policies)
    {
        HashSet<(SourceText, int)> patched = [.. policies.Patches.Select(patch => (patch.Policy.Document.Source, patch.Policy.Document.Index))];
        return policies.Filters.Any(filter => filter.MadeFrom is null && patched.Contains((filter.Document.Source, filter.Document.Index)));
    }
}
