using System.Globalization;
using System.Text;
using ExtProc.Configuration;
using ExtProc.Pipeline;
using ExtProc.Testing.Imitation;
using ExtProc.Testing.Transcripts;

namespace ExtProc.Testing;

/// <summary>
/// Plays one HTTP exchange against processors, with no Envoy and no network, and shows what client and upstream would see. The
/// server's own session runs it; an imitation of Envoy stands at the other end.
/// </summary>
/// <remarks>
/// Every method returns a new play, so a play can be kept and varied. Without <see cref="In(BodySendMode)"/> it runs in
/// FULL_DUPLEX_STREAMED both ways with trailers sent. A processor whose handlers do not wait runs the play on the caller's thread.
/// </remarks>
public sealed class Play
{
    private readonly PlaySettings _settings;

    private Play(PlaySettings settings) => _settings = settings;

    internal PlaySettings Settings => _settings;

    /// <summary>A play through processors in request order; each is made once to ask for its needs and once for the exchange.</summary>
    public static Play Through(params Func<Processor>[] processors)
    {
        ArgumentNullException.ThrowIfNull(processors);
        return Through(new PipelineDefinition("play", [.. processors.Select(StepOf)]));
    }

    /// <summary>A play through a pipeline as a configuration would make it.</summary>
    public static Play Through(PipelineDefinition pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return new(new PlaySettings { Pipeline = pipeline });
    }

    /// <summary>The request. Without one it is <c>GET /</c>.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="path">Its path and query.</param>
    /// <param name="body">Its body; <see langword="null"/> for none, empty for a body without bytes.</param>
    /// <param name="headers">More header lines.</param>
    /// <param name="trailers">Trailer lines.</param>
    public Play Request(string method, string path = "/", string? body = null, IEnumerable<(string Name, string Value)>? headers = null, IEnumerable<(string Name, string Value)>? trailers = null) =>
        With(_settings with { Request = TrafficOf([(":method", method), (":scheme", "http"), (":authority", "play.test"), (":path", path)], body, headers, trailers) });

    /// <summary>The response. Without one it is 200 without a body.</summary>
    /// <param name="status">Its status.</param>
    /// <param name="body">Its body; <see langword="null"/> for none, empty for a body without bytes.</param>
    /// <param name="headers">More header lines.</param>
    /// <param name="trailers">Trailer lines.</param>
    public Play Response(int status, string? body = null, IEnumerable<(string Name, string Value)>? headers = null, IEnumerable<(string Name, string Value)>? trailers = null) =>
        With(_settings with { Response = TrafficOf([(":status", status.ToString(CultureInfo.InvariantCulture))], body, headers, trailers) });

    /// <summary>The body of one direction as bytes, in place of what was said before.</summary>
    public Play Body(Direction direction, ReadOnlyMemory<byte> bytes) => Change(direction, traffic => traffic with { Body = bytes });

    /// <summary>Adds content-length to what has a body.</summary>
    public Play WithContentLength() => Counted(Direction.Request).Counted(Direction.Response);

    /// <summary>Both bodies are sent in this mode, headers and trailers too.</summary>
    public Play In(BodySendMode both) => In(both, both);

    /// <summary>Bodies are sent in these modes, headers and trailers too.</summary>
    public Play In(BodySendMode request, BodySendMode response) => In(PlaySettings.ModesOf(request, response));

    /// <summary>All six modes.</summary>
    public Play In(ProcessingMode modes) => With(_settings with { Modes = modes });

    /// <summary>Cuts both bodies at these places, in bytes from their start.</summary>
    public Play CutAt(params int[] cuts) => CutAt(Direction.Request, cuts).CutAt(Direction.Response, cuts);

    /// <summary>Cuts one body at these places.</summary>
    public Play CutAt(Direction direction, params int[] cuts) => Change(direction, traffic => traffic with { Cuts = cuts });

    /// <summary>Bodies end on an empty chunk of its own, as behind an HTTP/1.1 peer.</summary>
    public Play EndingOnEmptyChunk() =>
        Change(Direction.Request, traffic => traffic with { EndsOnEmptyChunk = true }).Change(Direction.Response, traffic => traffic with { EndsOnEmptyChunk = true });

    /// <summary>Envoy sends everything that it may without waiting for an answer.</summary>
    public Play Pipelined() => With(_settings with { Bursts = () => () => int.MaxValue });

    /// <summary>Envoy sends now one message, now several before it reads an answer, by chance.</summary>
    public Play InRandomBursts(int seed) => With(_settings with
    {
        Bursts = () =>
        {
            var random = new Random(seed);
            return () => random.Next(1, 5);
        },
    });

    /// <summary>The bodies have arrived at Envoy before the headers are answered; in STREAMED they then come as one chunk.</summary>
    public Play WithEarlyBodies() => With(_settings with { BodyIsEarly = true });

    /// <summary>BUFFERED_PARTIAL shows this much of a body.</summary>
    public Play Buffering(int bytes) => With(_settings with { BufferBytes = bytes });

    /// <summary>What the Envoy configuration says beyond its modes; the server is told the same.</summary>
    public Play Envoy(Func<EnvoyDeclaration, EnvoyDeclaration> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return With(_settings with { Envoy = change(_settings.Envoy) });
    }

    /// <summary>Envoy only shows the exchange and reads no answers.</summary>
    public Play Observed() => Envoy(envoy => envoy with { ObservabilityMode = true });

    /// <summary>The server plays it itself before it is ready: <see cref="Exchange.IsRehearsal"/>, and no completion hook.</summary>
    public Play AsRehearsal() => With(_settings with { IsRehearsal = true });

    /// <summary>Envoy takes no mode override, whatever is declared of it.</summary>
    public Play IgnoringModeOverrides() => With(_settings with { IgnoresModeOverrides = true });

    /// <summary>Envoy's version is this, whatever is declared of it.</summary>
    public Play BehindEnvoy(Version version) => With(_settings with { ActualVersion = version });

    /// <summary>The first message does not say the modes, as before Envoy 1.34.</summary>
    public Play WithoutProtocolConfig() => With(_settings with { SaysModes = false });

    /// <summary>The upstream answers when this many chunks of the request have been sent; 0: when it has the headers.</summary>
    public Play RespondingAfter(int requestChunks) => With(_settings with { ResponseAfterChunks = requestChunks });

    /// <summary>The request never comes here: Envoy answers it itself and shows only the response.</summary>
    public Play LocalReplyFirst() => With(_settings with { Request = null, ResponseAfterChunks = int.MinValue });

    /// <summary>Envoy breaks the stream off after so many messages.</summary>
    public Play ResetAfter(int messages) => With(_settings with { ResetAfter = messages });

    /// <summary>Envoy half-closes the stream after so many messages.</summary>
    public Play HalfCloseAfter(int messages) => With(_settings with { HalfCloseAfter = messages });

    /// <summary>An attribute that Envoy sends with the first message of each direction.</summary>
    public Play Attribute(string name, string value) =>
        With(_settings with { Attributes = new Dictionary<string, string>(_settings.Attributes) { [name] = value } });

    /// <summary>Dynamic metadata that Envoy forwards.</summary>
    /// <param name="filterNamespace">The namespace.</param>
    /// <param name="json">Its fields, as a JSON object.</param>
    public Play Metadata(string filterNamespace, string json) =>
        With(_settings with { Metadata = new Dictionary<string, string>(_settings.Metadata) { [filterNamespace] = json } });

    /// <summary>What the failure of a processor means.</summary>
    public Play OnError(OnError onError) => With(_settings with
    {
        Pipeline = _settings.Pipeline with { Steps = [.. _settings.Pipeline.Steps.Select(step => step with { OnError = onError })] },
    });

    /// <summary>Changes the exchange's limits.</summary>
    public Play Limits(Func<ExchangeLimits, ExchangeLimits> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return With(_settings with { Limits = change(_settings.Limits) });
    }

    /// <summary>Runs on this clock instead of the real one.</summary>
    public Play On(ManualClock clock) => With(_settings with { Time = clock });

    /// <summary>Where constructors of a pipeline's processors find their arguments.</summary>
    public Play Services(IServiceProvider services) => With(_settings with { Services = services });

    /// <summary>Sends what Envoy sent in a recorded exchange: the lines of a transcript that begin with <c>&gt;</c>.</summary>
    /// <exception cref="FormatException">A line is not one of a transcript.</exception>
    public Play Replay(string transcript) => With(TranscriptReader.Apply(_settings, transcript));

    /// <summary>Plays it once.</summary>
    /// <exception cref="FormatException">A transcript to replay has a message that Envoy cannot send there.</exception>
    public async Task<Seen> RunAsync()
    {
        using var stream = new EnvoyStream(Complete());
        return await stream.RunAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Plays it in every body send mode, cut at every place (or at 24 of them in longer bodies) and at pairs of them, with each way
    /// to end a body, with content-length and without. Where the processors' needs and the mode do not go together, the exchange must
    /// be refused with the words of the table; everywhere else <paramref name="expect"/> must hold.
    /// </summary>
    /// <exception cref="PlayFailedException">It does not hold, or the server did what Envoy does not take. The message says in which play, with its transcript.</exception>
    public Task<PlayCount> ForEveryModeAndSplit(Action<Seen> expect)
    {
        ArgumentNullException.ThrowIfNull(expect);
        return new ModeAndSplitMatrix(this, expect).RunAsync();
    }

    private static Play With(PlaySettings settings) => new(settings);

    internal Play Change(Direction direction, Func<Traffic, Traffic> change) => With(direction is Direction.Request
        ? _settings with { Request = change(_settings.Request ?? NoRequest) }
        : _settings with { Response = change(_settings.Response ?? NoResponse) });

    private Play Counted(Direction direction) => Change(direction, traffic => traffic.Body is not { } body ? traffic : traffic with
    {
        Headers = [.. traffic.Headers, new("content-length", body.Length.ToString(CultureInfo.InvariantCulture))],
    });

    private PlaySettings Complete() => _settings.Order is not null ? _settings : _settings with
    {
        Request = _settings.Request ?? (_settings.ResponseAfterChunks == int.MinValue ? null : NoRequest),
        Response = _settings.Response ?? NoResponse,
    };

    private static Traffic NoRequest { get; } = TrafficOf([(":method", "GET"), (":scheme", "http"), (":authority", "play.test"), (":path", "/")], null, null, null);

    private static Traffic NoResponse { get; } = TrafficOf([(":status", "200")], null, null, null);

    private static Traffic TrafficOf(IEnumerable<(string Name, string Value)> own, string? body, IEnumerable<(string Name, string Value)>? headers, IEnumerable<(string Name, string Value)>? trailers) => new()
    {
        Headers = LinesOf(own.Concat(headers ?? [])),
        Body = body is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(body),
        Trailers = LinesOf(trailers ?? []),
    };

    private static KeyValuePair<string, string>[] LinesOf(IEnumerable<(string Name, string Value)> lines) =>
        [.. lines.Select(line => KeyValuePair.Create(line.Name, line.Value))];

    private static PipelineStep StepOf(Func<Processor> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        System.Type type = create().GetType();
        return new(new ProcessorKind(type.Name, type, null, IsShared: false) { Create = create });
    }
}
