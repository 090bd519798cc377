using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using ExtProc.Hosting;
using ExtProc.Telemetry;
using ExtProc.Tests.Hosting;
using ExtProc.Tests.Transport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Tests.Shared;

namespace ExtProc.Tests.Telemetry;

/// <summary>What a whole server counts, seen the way that a monitoring library sees it.</summary>
public sealed class MetricTests : IAsyncLifetime, IDisposable
{
    private const string Process = "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

    private readonly TemporaryFile _file = new("listen: 127.0.0.1:0\nadmin: off\n");
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _values = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private IHost _app = null!;

    private int Port => IPEndPoint.Parse(_app.Services.GetRequiredService<OwnListeners>().Addresses[0]).Port;

    public async Task InitializeAsync()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddExtProc().AddYaml(_file.Path);
        _app = builder.Build();
        Listen(_app.Services.GetRequiredService<IMeterFactory>());
        await _app.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.StopAsync();
        _app.Dispose();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _file.Dispose();
    }

    [Fact]
    public async Task Messages_of_a_kind_that_is_not_known_are_counted_and_break_nothing()
    {
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(Port);
        RawStream stream = await client.CallAsync(Process);
        await stream.SendAsync(RawHttp2Client.Message([0xa2, 0x01, 2, 1, 2])); // field 20, which no API has
        await stream.SendAsync(RawHttp2Client.Message([0x12, 0x00])); // request_headers
        await stream.ReceivedAsync(1);
        await stream.ResetAsync();

        await Until.TrueAsync(() => Value("extproc.unknown_messages") == 1, "the message was counted");
    }

    [Fact]
    public async Task Streams_and_the_memory_that_they_use_are_seen_while_they_last()
    {
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(Port);
        RawStream stream = await client.CallAsync(Process);
        await stream.SendAsync(RawHttp2Client.Message(new byte[100])[..50]); // a stream that waits for nothing has no block
        await Until.TrueAsync(() => Observed("extproc.streams") == 1 && Observed("extproc.pool.rented") > 0, "the stream is seen");
        Assert.InRange(Observed("extproc.memory.used"), 1, Observed("extproc.memory.limit"));

        await stream.ResetAsync();
        await Until.TrueAsync(() => Observed("extproc.streams") == 0, "the stream is over");
        await client.DisposeAsync();
        await Until.TrueAsync(() => Observed("extproc.pool.rented") == 0 && Observed("extproc.pool.free") > 0, "its blocks are free");
    }

    [Fact]
    public void The_documents_name_every_metric() => Golden.Section(
        "docs/metrics.md",
        "metrics",
        "| metric | kind | unit | counts |\n|---|---|---|---|\n" + string.Concat(_instruments.Values
            .OrderBy(instrument => instrument.Name, StringComparer.Ordinal)
            .Select(instrument => $"| `{instrument.Name}` | {Kind(instrument)} | `{instrument.Unit}` | {instrument.Description} |\n")));

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "Counter" or "ObservableCounter" => "counter",
        "ObservableGauge" => "gauge",
        "ObservableUpDownCounter" => "sum that rises and falls",
        var other => throw new InvalidOperationException($"{instrument.Name} is a {other}, which the documents have no word for"),
    };

    private void Listen(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == ExchangeCounters.MeterName && instrument.Meter.Scope == meters)
            {
                _instruments[instrument.Name] = instrument;
                listening.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Take(instrument, value));
        _listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Take(instrument, value));
        _listener.Start();
    }

    private void Take(Instrument instrument, long value) =>
        _values.AddOrUpdate(instrument.Name, value, (_, before) => instrument.IsObservable ? value : before + value);

    private long Observed(string name)
    {
        _listener.RecordObservableInstruments();
        return Value(name);
    }

    private long Value(string name) => _values.GetValueOrDefault(name);
}
