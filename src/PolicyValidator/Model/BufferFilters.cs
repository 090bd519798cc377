using PolicyValidator.Inputs;
using PolicyValidator.Rules;

namespace PolicyValidator.Model;

/// <summary>A buffer filter in the list of an ext_proc filter.</summary>
/// <param name="Entry">Its entry.</param>
/// <param name="IsAbove">Whether requests meet it first.</param>
/// <param name="MaxBytes">Its <c>max_request_bytes</c>, the route's where that says another.</param>
internal sealed record BufferNeighbour(FilterEntry Entry, bool IsAbove, decimal MaxBytes);

/// <summary>Finds the buffer filters of each list once.</summary>
/// <param name="unjudged">Where it is kept that a list has more than are looked at.</param>
internal sealed class BufferFilters(UnjudgedParts unjudged)
{
    private const string Prefix = "envoy.extensions.filters.http.buffer.";

    /// <summary>So many are looked at on one side of a processor.</summary>
    private const int MostOnOneSide = 8;

    private readonly Dictionary<Node, ListOfBuffers> lists = [];

    /// <summary>The nearest buffer filters that a filter has above and below it on a way, none that the way switches off.</summary>
    public IEnumerable<BufferNeighbour> Around(RoutedFilter routed)
    {
        if (routed.Filter is not { List: { } list, Entry: { } entry })
        {
            return [];
        }

        if (!lists.TryGetValue(list.Node, out ListOfBuffers? found))
        {
            lists[list.Node] = found = ListOfBuffers.Of(list, unjudged);
        }

        return found.PlaceOf(entry) is not { } own ? [] :
            from buffer in found.Around(own)
            let bytes = BytesOf(buffer.Entry, routed.Path)
            where bytes is not null
            select new BufferNeighbour(buffer.Entry, buffer.Index < own, bytes.Value);
    }

    /// <summary>The largest BUFFERED body that reaches the processor on a way: what a buffer filter above gathered comes whole, whatever the connection's limit.</summary>
    public decimal Most(RoutedFilter routed, Direction direction, EnvoyVersion version) =>
        direction == Direction.Request && Around(routed).LastOrDefault(buffer => buffer.IsAbove) is { } above
            ? above.MaxBytes
            : BodyLimits.Of(routed, direction, version);

    private static decimal? BytesOf(FilterEntry buffer, RoutePath? path)
    {
        MappingNode? perRoute = path?.Levels.Select(level => Own(level, buffer.Name)).LastOrDefault(found => found is not null);
        return perRoute switch
        {
            null => buffer.Config.Bool("disabled").Value ? null : BodyLimits.NumberOf(Unwrapped(buffer.Config.PlaceOf("typed_config").Node)?.Field("max_request_bytes")),
            _ when perRoute.Field("disabled").IsTrue => null,
            _ => BodyLimits.NumberOf((perRoute.Field("buffer") as MappingNode)?.Field("max_request_bytes")),
        };
    }

    private static MappingNode? Own(MappingNode level, string name) =>
        Unwrapped((level.Field("typed_per_filter_config") as MappingNode)?[name]);

    /// <summary>A configuration out of a TypedStruct, or out of Envoy's generic one for routes.</summary>
    private static MappingNode? Unwrapped(Node? any) => any is not MappingNode mapping ? null
        : mapping["@type"].Text?.EndsWith(".TypedStruct", StringComparison.Ordinal) == true ? mapping.Field("value") as MappingNode
        : mapping["@type"].Text?.EndsWith(".FilterConfig", StringComparison.Ordinal) == true && !mapping.Field("disabled").IsTrue ? Unwrapped(mapping.Field("config"))
        : mapping;

    private sealed class ListOfBuffers
    {
        private Dictionary<Node, int> places = [];

        private (int Index, FilterEntry Entry)[] buffers = [];

        private int[] indexes = [];

        private Action<FilterEntry> leaveOut = _ => { };

        public static ListOfBuffers Of(FilterList list, UnjudgedParts unjudged)
        {
            (int Index, FilterEntry Entry)[] buffers = [.. list.Entries.Index().Where(entry => entry.Item.TypeName.StartsWith(Prefix, StringComparison.Ordinal))];
            return new()
            {
                buffers = buffers,
                leaveOut = buffer => unjudged.Add(list.Document, buffer.Node, $"on each side of an ext_proc filter only the nearest {MostOnOneSide} buffer filters were judged: not this one"),
                indexes = [.. buffers.Select(buffer => buffer.Index)],
                places = buffers.Length == 0 ? [] : list.Entries.Index().DistinctBy(entry => entry.Item.Node).ToDictionary(entry => entry.Item.Node, entry => entry.Index),
            };
        }

        public (int Index, FilterEntry Entry)[] Around(int own)
        {
            int below = ~Array.BinarySearch(indexes, own), first = Math.Max(0, below - MostOnOneSide), end = Math.Min(buffers.Length, below + MostOnOneSide);
            if (first > 0)
            {
                leaveOut(buffers[first - 1].Entry);
            }

            if (end < buffers.Length)
            {
                leaveOut(buffers[end].Entry);
            }

            return buffers[first..end];
        }

        public int? PlaceOf(Node entry) => places.TryGetValue(entry, out int place) ? place : null;
    }
}
