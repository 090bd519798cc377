namespace ExtProc.Front.Filter;

/// <summary>What differs between Envoy releases in how the filter treats an exchange; measured on 1.36.4, 1.37.0, 1.38.3, 1.39.3 and 1.40.0.</summary>
internal sealed record EnvoyBehavior
{
    private static readonly Version V1_37 = new(1, 37), V1_38 = new(1, 38), V1_39 = new(1, 39), V1_40 = new(1, 40);

    /// <summary>What holds on every release; where releases differ, what a server must be ready for.</summary>
    public static EnvoyBehavior Any { get; } = new();

    /// <summary>Takes a streamed immediate response (since 1.37).</summary>
    public bool TakesStreamedImmediateResponse { get; init; } = true;

    /// <summary>Takes a message that holds only a mode override (since 1.40).</summary>
    public bool TakesDirectOverride { get; init; }

    /// <summary>Ignores what comes when nothing can be sent any more (since 1.37); before, it is spurious.</summary>
    public bool IgnoresSurplusAnswers { get; init; }

    /// <summary>What a trailers answer does to a full-duplex direction that awaits none.</summary>
    public StrayTrailers StrayTrailers { get; init; }

    /// <summary>Ends a full-duplex body that its sender has ended when trailers are answered that nobody sent (up to 1.37); later it hangs.</summary>
    public bool EndsOnInventedTrailers { get; init; }

    /// <summary>Begins the body of an upgrade over HTTP/1.1 with an empty chunk in full duplex (up to 1.39).</summary>
    public bool BeginsUpgradesWithAnEmptyChunk { get; init; }

    /// <summary>Closes the stream when the response has nothing more to send, whatever the request still has: the rest of its body passes unprocessed (1.37 and 1.38).</summary>
    public bool ClosesWithTheResponse { get; init; }

    /// <summary>Sends headers on only with the first body answer in STREAMED and full duplex (1.39).</summary>
    public bool HoldsHeadersForTheBody { get; init; }

    /// <summary>The same in full duplex where some of the body was there before the headers' answer (since 1.37).</summary>
    public bool HoldsHeadersForAnEarlyBody { get; init; }

    /// <summary>The behavior of a release; of none named, <see cref="Any"/>.</summary>
    public static EnvoyBehavior Of(Version? version) => version is null ? Any : new()
    {
        TakesStreamedImmediateResponse = version >= V1_37,
        TakesDirectOverride = version >= V1_40,
        IgnoresSurplusAnswers = version >= V1_37,
        StrayTrailers = version >= V1_37 ? StrayTrailers.Release : StrayTrailers.Hang,
        EndsOnInventedTrailers = version < V1_38,
        BeginsUpgradesWithAnEmptyChunk = version < V1_40,
        ClosesWithTheResponse = version >= V1_37 && version < V1_39,
        HoldsHeadersForTheBody = version >= V1_39 && version < V1_40,
        HoldsHeadersForAnEarlyBody = version >= V1_37,
    };
}

/// <summary>What a trailers answer does to a full-duplex direction that awaits none.</summary>
internal enum StrayTrailers
{
    /// <summary>It fails the exchange, as a server is to be written: no release does so.</summary>
    Fail,

    /// <summary>The direction goes no further (1.36).</summary>
    Hang,

    /// <summary>What was not returned goes on unprocessed (since 1.37).</summary>
    Release,
}
