using System.Globalization;
using System.IO.Compression;
using System.Text;
using ExtProc.Configuration;
using ExtProc.Pipeline;
using ExtProc.Testing;

namespace ExtProc.Tests.Mischief;

/// <summary>A random exchange through a random pipeline, both from one seed.</summary>
internal sealed class RandomPlay
{
    private static readonly BodySendMode[] Modes = Enum.GetValues<BodySendMode>();

    private readonly Random _random;
    private readonly ManualClock _clock = new();

    public RandomPlay(int seed)
    {
        _random = new Random(seed);
        Plans = [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => MischiefPlan.Random(_random))];
        Play = Shape(Play.Through(new PipelineDefinition("mischief", [.. Plans.Select(StepOf)])));
    }

    public MischiefPlan[] Plans { get; }

    public MischiefRecord Record { get; } = new();

    public Play Play { get; }

    /// <summary>What one pipeline and one exchange must come to, whatever its processors did.</summary>
    public async Task<Seen> RunAsync()
    {
        Seen seen = await Play.RunAsync();
        Record.RequireAllCompleted();
        return seen;
    }

    public override string ToString() => string.Join(", ", Plans.Select((plan, index) => $"{plan} {Play.Settings.Pipeline.Steps[index].OnError}"));

    private PipelineStep StepOf(MischiefPlan plan)
    {
        int seed = _random.Next();
        bool isFirst = true;
        Processor Create()
        {
            // The first one is made when the pipeline is planned.
            MischievousProcessor made = new(plan, seed, isFirst ? null : Record, _clock);
            isFirst = false;
            return made;
        }

        return new(new ProcessorKind("mischief", typeof(MischievousProcessor), null, IsShared: false) { Create = Create }, OnError: (OnError)_random.Next(3));
    }

    private Play Shape(Play play)
    {
        bool hasResponseBody = _random.Next(6) > 0;
        int status = hasResponseBody ? 200 : new[] { 200, 204, 304, 500 }[_random.Next(4)];
        string method = _random.Next(3) switch { 0 => "GET", 1 when !hasResponseBody => "HEAD", _ => "POST" };
        play = play
            .Request(method, "/", headers: [("x-in", "1"), ("te", "trailers")], trailers: Trailers())
            .Response(status, headers: [("x-from", "upstream"), ("set-cookie", "a"), ("set-cookie", "b"), ("etag", "\"1\"")], trailers: hasResponseBody ? Trailers() : []);
        play = method == "POST" ? WithBody(play, Direction.Request) : play;
        play = hasResponseBody ? WithBody(play, Direction.Response) : play;
        play = _random.Next(2) == 0 ? play.WithContentLength() : play;
        return Mode(Timing(play)).Envoy(Envoy).Limits(Limits).On(_clock);
    }

    private Play WithBody(Play play, Direction direction)
    {
        string[] types = ["text/plain", "text/event-stream", "application/x-ndjson", "application/json", "image/png", "multipart/mixed; boundary=b", "application/connect+json"];
        string type = types[_random.Next(types.Length)];
        byte[] body = Letters(_random.Next(4) switch { 0 => 0, 1 => _random.Next(10), 2 => _random.Next(600), _ => _random.Next(20_000) });
        body = type.StartsWith("multipart", StringComparison.Ordinal) ? [.. "--b\r\n\r\n"u8, .. body, .. "\r\n--b--\r\n"u8] : body;
        play = Add(play, direction, "content-type", type);
        if (_random.Next(5) == 0)
        {
            body = Compress(body);
            play = Add(play, direction, "content-encoding", "gzip");
        }

        int[] cuts = [.. Enumerable.Range(0, _random.Next(6)).Select(_ => _random.Next(body.Length + 1)).Order()];
        return play.Body(direction, body).CutAt(direction, cuts);
    }

    private Play Timing(Play play)
    {
        play = _random.Next(2) == 0 ? play.EndingOnEmptyChunk() : play;
        play = _random.Next(4) == 0 ? play.WithEarlyBodies() : play;
        play = _random.Next(3) switch { 0 => play.Pipelined(), 1 => play.InRandomBursts(_random.Next()), _ => play };
        play = _random.Next(4) == 0 ? play.RespondingAfter(_random.Next(3)) : play;
        return _random.Next(20) switch
        {
            0 => play.ResetAfter(_random.Next(1, 6)),
            1 => play.HalfCloseAfter(_random.Next(1, 6)),
            2 => play.LocalReplyFirst(),
            _ => play,
        };
    }

    private Play Mode(Play play)
    {
        ProcessingMode modes = PlaySettings.ModesOf(Modes[_random.Next(Modes.Length)], Modes[_random.Next(Modes.Length)]);
        modes = modes with
        {
            RequestHeaderMode = Headers(modes.RequestBodyMode),
            ResponseHeaderMode = Headers(modes.ResponseBodyMode),
            RequestTrailerMode = Trailers(modes.RequestBodyMode),
            ResponseTrailerMode = Trailers(modes.ResponseBodyMode),
        };
        play = play.In(modes).Buffering(_random.Next(1, 30_000));
        // Before Envoy 1.34 only the operator can say them.
        return _random.Next(8) == 0 ? play.WithoutProtocolConfig().Envoy(envoy => envoy with { ProcessingMode = modes }) : play;
    }

    private HeaderSendMode Headers(BodySendMode _) => _random.Next(8) == 0 ? HeaderSendMode.Skip : HeaderSendMode.Send;

    private HeaderSendMode Trailers(BodySendMode mode) =>
        mode is BodySendMode.FullDuplexStreamed || _random.Next(3) > 0 ? HeaderSendMode.Send : HeaderSendMode.Skip;

    private EnvoyDeclaration Envoy(EnvoyDeclaration envoy) => envoy with
    {
        Version = _random.Next(3) switch { 0 => new Version(1, 36), 1 => new Version(1, 40), _ => null },
        AllowModeOverride = _random.Next(3) == 0,
        TrustModeOverride = _random.Next(2) == 0,
        DisableImmediateResponse = _random.Next(10) == 0,
        FailureModeAllow = _random.Next(4) == 0,
        ObservabilityMode = _random.Next(15) == 0,
        MaxMessageTimeout = _random.Next(2) == 0 ? TimeSpan.FromSeconds(5) : null,
    };

    private ExchangeLimits Limits(ExchangeLimits limits) => limits with
    {
        HandlerTimeout = TimeSpan.FromSeconds(1),
        HeldBytes = 64 << 10,
        PendingBytes = 64 << 10,
        AddedBytes = 100_000,
        ChunkBytes = 1 << _random.Next(10, 17),
    };

    private (string Name, string Value)[] Trailers() => _random.Next(3) == 0 ? [("x-end", "1")] : [];

    private static Play Add(Play play, Direction direction, string name, string value) =>
        play.Change(direction, traffic => traffic with { Headers = [.. traffic.Headers, new(name, value)] });

    private byte[] Letters(int count) => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{string.Concat(Enumerable.Range(0, count).Select(_ => "abcdefghij0123456789\n"[_random.Next(21)]))}"));

    private static byte[] Compress(byte[] body)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.Fastest))
        {
            gzip.Write(body);
        }

        return stream.ToArray();
    }
}
