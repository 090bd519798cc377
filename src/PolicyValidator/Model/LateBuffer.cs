using PolicyValidator.Rules;

namespace PolicyValidator.Model;

/// <summary>A buffer filter that comes too late for a request body: below the processor, with none above it.</summary>
/// <param name="Routed">The processor's filter on a way.</param>
/// <param name="Buffer">The first buffer filter below that would take more than <paramref name="LimitBytes"/>.</param>
/// <param name="LimitBytes">What is gathered for the processor.</param>
internal sealed record LateBuffer(RoutedFilter Routed, BufferNeighbour Buffer, decimal LimitBytes)
{
    /// <summary>All of them where the request body is in a mode.</summary>
    public static IEnumerable<LateBuffer> All(PolicySet policies, string mode, EnvoyVersion version)
    {
        BufferFilters buffers = new(policies.Unjudged);
        return
            from routed in RoutedFilter.OrAlone(policies)
            where routed.Mode.HasBody(Direction.Request, mode)
            let around = buffers.Around(routed).ToArray()
            where around.Length > 0 && !around.Any(buffer => buffer.IsAbove)
            let limit = BodyLimits.Of(routed, Direction.Request, version)
            from buffer in around.Where(buffer => buffer.MaxBytes > limit).Take(1)
            select new LateBuffer(routed, buffer, limit);
    }
}
