namespace PolicyValidator.Model;

/// <summary>A body that traffic may not pass without a processor of the server seeing it, and that a filter sends only when it is asked to.</summary>
/// <param name="Pairing">The server and its filters.</param>
/// <param name="Step">The processor.</param>
/// <param name="Filter">The filter.</param>
/// <param name="Direction">Whose body.</param>
internal sealed record OverrideNeed(ServerPairing Pairing, ServerStep Step, ExtProcFilter Filter, Direction Direction)
{
    /// <summary>Those of a run whose server asks, by server; where it is not sure which filter is meant, only what all of them have.</summary>
    public static IEnumerable<IGrouping<ServerPairing, OverrideNeed>> All(PolicySet policies) =>
        from need in ServerPairing.All(policies).SelectMany(Of)
        group need by need.Pairing into needs
        where needs.Key.IsSure || needs.Key.Filters.All(needs.Select(need => need.Filter).ToHashSet<object>(ReferenceEqualityComparer.Instance).Contains)
        select needs;

    /// <summary>Whether a filter takes an override at all.</summary>
    public static bool TakesOverrides(ExtProcFilter filter) =>
        filter.Config.Bool("allow_mode_override").Value
        && !filter.Config.Bool("send_body_without_waiting_for_header_response").Value
        && !filter.Config.Bool("observability_mode").Value
        && !WrittenMode.Of(filter).HasBody("FULL_DUPLEX_STREAMED");

    /// <summary>Whether the filter takes an override that would bring the body.</summary>
    public bool IsTaken => TakesOverrides(Filter) && (!WrittenMode.AllowedOf(Filter).Any() || WrittenMode.AllowedOf(Filter).Any(mode => !mode.HasBody(Direction, "NONE", "GRPC")));

    /// <summary>Whether the exchange fails when the override is not taken; Envoy takes none in that form from a request that it buffers.</summary>
    public bool IsProven => Pairing.Server.ProvesOverrides && !WrittenMode.Of(Filter).HasBody(Direction.Request, "BUFFERED", "BUFFERED_PARTIAL");

    private static IEnumerable<OverrideNeed> Of(ServerPairing pairing) =>
        from step in pairing.Server.Steps
        where pairing.Server.AsksForModes && !step.MayBeLeftOut
        from direction in Direction.Both
        where step.Needs(direction).Body
        from filter in pairing.Filters
        where pairing.ModesOf(filter).All(mode => mode.HasBody(direction, "NONE", "GRPC"))
        select new OverrideNeed(pairing, step, filter, direction);
}
