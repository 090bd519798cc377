namespace ExtProc.Tests.Mischief;

/// <summary>What a mischievous processor needs, and how often it does harm.</summary>
/// <param name="RequestBody">How it wants the request's body.</param>
/// <param name="ResponseBody">How it wants the response's.</param>
/// <param name="WantsTrailers">Whether it wants trailers.</param>
/// <param name="Calm">One in so many choices does harm.</param>
internal sealed record MischiefPlan(BodyNeed RequestBody, BodyNeed ResponseBody, bool WantsTrailers, int Calm)
{
    public static MischiefPlan Random(Random random) =>
        new(Need(random), Need(random), random.Next(2) == 0, random.Next(2) == 0 ? 40 : 8);

    /// <summary>Not too few that gather and hold: those are where bytes get lost.</summary>
    private static BodyNeed Need(Random random) => Shape(random) is var need && random.Next(2) == 0 ? need : need with { Reads = Reads(random) };

    private static BodyTypes Reads(Random random) => random.Next(4) switch
    {
        0 => BodyTypes.Any,
        1 => BodyTypes.Json,
        2 => BodyTypes.Text,
        _ => BodyTypes.Text with { Untyped = true, Parts = true },
    };

    private static BodyNeed Shape(Random random) => random.Next(6) switch
    {
        0 => BodyNeed.None,
        1 => BodyNeed.Stream(),
        2 => BodyNeed.Stream(holdBytes: 100),
        3 => BodyNeed.Stream(holdBytes: 100) with { BeforeHeaders = true },
        4 => BodyNeed.Whole(random.Next(1, 400)) with { OverLimit = (OverLimit)random.Next(3) },
        _ => BodyNeed.Messages(random.Next(1, 400)) with { OverLimit = (OverLimit)random.Next(3) },
    };
}
