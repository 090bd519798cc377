using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net.Sockets;
using System.Text;
using ExtProc.Tests.Hosting;
using ExtProc.Transport;
using Microsoft.Extensions.Logging;

namespace ExtProc.Tests.Transport;

/// <summary>What HTTP/2 refuses before gRPC sees it is told with its cure, counted, and costs a good stream nothing.</summary>
public sealed class TransportRefusalTests : IAsyncDisposable
{
    private const string Process = "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

    private readonly ConcurrentQueue<string> _counted = new();
    private readonly MeterListener _listener = new();
    private Served _served = null!;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _served.DisposeAsync();
    }

    [Theory]
    [InlineData(":authority", "outbound|9000||extproc.svc.cluster.local")]
    [InlineData(":authority", "a/b")]
    [InlineData(":authority", "user@host")]
    [InlineData(":authority", "a b")]
    [InlineData(":authority", "host:port")]
    [InlineData(":authority", "\"host\"")]
    public async Task An_authority_that_is_no_host_is_told_with_what_was_sent_and_its_cure(string name, string value)
    {
        await StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(_served.Port);
        RawStream stream = await client.CallAsync(Process, (name, value));
        Assert.Equal(1, (await stream.EndAsync()).ResetCode);

        await ToldAsync($"Invalid Host header: '{value}'", "set grpc_service.envoy_grpc.authority", "authority");
    }

    [Theory]
    [InlineData("/process\0", null, "malformed")]
    [InlineData(Process, "1https", "scheme")]
    public async Task Another_line_that_HTTP_refuses_is_told_as_well(string path, string? scheme, string reason)
    {
        await StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(_served.Port);
        await client.CallAsync(path, scheme is null ? [] : [(":scheme", scheme)]);

        await ToldAsync("refused before gRPC, from 127.0.0.1:", "", reason);
    }

    [Theory]
    [InlineData(1_000, 30)]
    [InlineData(16, 4_000)]
    [InlineData(1, 15_000)]
    public async Task Metadata_as_large_as_Envoy_can_send_is_taken(int fields, int bytesEach)
    {
        await StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(_served.Port);
        RawStream stream = await OpenAsync(client, fields, bytesEach);
        await stream.SendAsync([], endStream: true);

        Assert.Equal(0, (await stream.EndAsync()).GrpcStatus);
        Assert.Empty(_served.Warnings);
    }

    [Theory]
    [InlineData(300, 10)]
    [InlineData(20, 1_000)]
    public async Task Metadata_over_the_limit_is_told_with_the_settings_that_raise_it(int fields, int bytesEach)
    {
        await StartAsync(new() { HeaderBytes = 16_384, HeaderCount = 200 });
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(_served.Port);
        RawStream stream = await OpenAsync(client, fields, bytesEach);
        await client.UntilAsync(() => stream.HeaderBlocks.Count > 0, "the answer");

        Assert.Contains((":status", "431"), stream.HeaderBlocks[0]);
        await ToldAsync("Request", "raise transport.headerBytes (now 16384) and transport.headerCount (now 200)", "header_limits");
    }

    [Fact]
    public async Task Metadata_of_more_than_twice_the_limit_ends_the_connection_and_is_told()
    {
        await StartAsync(new() { HeaderBytes = 16_384 });
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(_served.Port);
        await OpenAsync(client, fields: 40, bytesEach: 1_000);
        await client.UntilAsync(() => client.GoAwayCode is not null, "GOAWAY");

        await ToldAsync("headers too long", "grpc_service.initial_metadata", "header_limits");
    }

    [Fact]
    public async Task A_stream_above_the_limit_of_a_connection_is_told_with_the_setting()
    {
        await StartAsync(new() { MaxStreamsPerConnection = 1 });
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(_served.Port);
        await client.CallAsync(Process);
        RawStream second = await client.CallAsync(Process);
        Assert.Equal(7, (await second.EndAsync()).ResetCode);

        await ToldAsync("REFUSED_STREAM", "raise transport.maxStreamsPerConnection (now 1)", "stream_limit");
    }

    [Fact]
    public async Task Another_protocol_is_told_with_what_the_cluster_lacks_or_has_too_much()
    {
        await StartAsync();
        using TcpClient client = new();
        await client.ConnectAsync("127.0.0.1", _served.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("hello, this is no HTTP at all.......\r\n\r\n"));

        await ToldAsync("Invalid HTTP/2 connection preface", "http2_protocol_options", "preface");
    }

    [Fact]
    public async Task Many_of_a_kind_are_one_line_and_all_are_counted()
    {
        await StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(_served.Port);
        for (int at = 0; at < 50; at++)
        {
            await (await client.CallAsync(Process, (":authority", "a|b"))).EndAsync();
        }

        await Until.TrueAsync(() => _counted.Count == 50, "all are counted");
        Assert.Single(_served.Warnings);
    }

    [Fact]
    public async Task What_a_peer_sent_makes_no_second_line()
    {
        await StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(_served.Port);
        await client.CallAsync(Process, (":authority", "\u00e9" + new string('|', 1_000)));

        await Until.TrueAsync(() => !_served.Warnings.IsEmpty, "it is told");
        Assert.InRange(Assert.Single(_served.Warnings).Length, 1, 700);
        Assert.DoesNotContain(_served.Warnings.First(), letter => letter is < ' ' or > '~');
    }

    [Fact]
    public async Task A_stream_that_goes_well_or_is_reset_by_its_peer_or_by_us_tells_nothing()
    {
        await StartAsync();
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(_served.Port);
        for (int at = 0; at < 20; at++)
        {
            RawStream good = await client.CallAsync(Process);
            await good.SendAsync([], endStream: true);
            await good.EndAsync();
            RawStream reset = await client.CallAsync(Process);
            await reset.ResetAsync();
            RawStream unknown = await client.CallAsync("/no/Method");
            await unknown.EndAsync();
        }

        Assert.Empty(_served.Warnings);
        Assert.Empty(_counted);
    }

    [Fact]
    public async Task Streams_that_go_well_or_are_reset_make_Kestrel_say_nothing_that_is_listened_to()
    {
        Ear ear = new();
        await StartAsync(logging: logging => logging.AddProvider(ear).AddFilter<Ear>(null, LogLevel.None)
            .AddFilter<Ear>("Microsoft.AspNetCore.Server.Kestrel.Http2", LogLevel.Debug).AddFilter<Ear>("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.Debug));
        await using (RawHttp2Client client = await RawHttp2Client.ConnectAsync(_served.Port))
        {
            for (int at = 0; at < 50; at++)
            {
                RawStream good = await client.CallAsync(Process);
                await good.SendAsync([], endStream: true);
                await good.EndAsync();
                await (await client.CallAsync(Process)).ResetAsync();
            }
        }

        await Until.TrueAsync(() => !ear.Heard.IsEmpty, "the end of the connection is heard");
        Assert.InRange(ear.Heard.Count, 1, 5);
    }

    private async Task StartAsync(GrpcTransportOptions? transport = null, Action<ILoggingBuilder>? logging = null)
    {
        _served = Served.Build(options => options with { Transport = transport ?? new(), Rehearsal = new() { Timeout = TimeSpan.Zero } }, logging ?? (_ => { }));
        IMeterFactory meters = _served.Meters;
        _listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Name == "extproc.transport.refusals" && instrument.Meter.Scope == meters)
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, _, tags, _) => _counted.Enqueue((string)tags[0].Value!));
        _listener.Start();
        await _served.StartAsync();
    }

    private static Task<RawStream> OpenAsync(RawHttp2Client client, int fields, int bytesEach) =>
        client.CallAsync(Process, [.. Enumerable.Range(0, fields).Select(at => ($"x-{at}", (string?)new string('v', bytesEach)))]);

    private async Task ToldAsync(string what, string cure, string reason)
    {
        await Until.TrueAsync(() => !_served.Warnings.IsEmpty, "it is told");
        string line = Assert.Single(_served.Warnings);
        Assert.StartsWith("refused before gRPC, from 127.0.0.1:", line, StringComparison.Ordinal);
        Assert.Contains(what, line, StringComparison.Ordinal);
        Assert.Contains(cure, line, StringComparison.Ordinal);
        Assert.Equal([reason], _counted);
    }

    /// <summary>Hears what the server's own listener hears.</summary>
    private sealed class Ear : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Heard { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Heard.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
