using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Envoy.Service.ExtProc.V3;
using ExtProc.Configuration;
using ExtProc.Pipeline;
using ExtProc.Testing;
using ExtProc.Tests.Pipeline;
using ExtProc.Tests.Transport;
using Google.Protobuf;

namespace ExtProc.Tests.Hosting;

/// <summary>A server plays exchanges of its own before it opens its ports, and nobody outside can tell.</summary>
public sealed class RehearsalTests
{
    private const string Process = "/envoy.service.ext_proc.v3.ExternalProcessor/Process";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_server_is_not_ready_while_it_rehearses_and_is_ready_after()
    {
        TaskCompletionSource begun = new(), go = new();
        await using Served served = Served.Build(WithAdmin, new Scripted
        {
            RequestHeaders = async (_, _) =>
            {
                begun.TrySetResult();
                await go.Task;
                return Verdict.Continue;
            },
        });
        Task starting = served.StartAsync();
        await begun.Task.WaitAsync(Patience);

        Assert.Equal((HttpStatusCode.OK, "live"), await AskAsync(served, "/live"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "starting"), await AskAsync(served, "/ready"));
        Assert.False(starting.IsCompleted);

        go.SetResult();
        await starting.WaitAsync(Patience);
        Assert.Equal((HttpStatusCode.OK, "ready"), await AskAsync(served, "/ready"));
        Assert.DoesNotContain(served.Lines, line => line.Contains("rehears", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_processor_can_tell_a_rehearsal_which_leaves_no_line_no_count_and_no_completion()
    {
        ConcurrentQueue<bool> seen = new(), completed = new();
        ConcurrentQueue<string> counted = new();
        using MeterListener listener = new();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name.StartsWith("ExtProc", StringComparison.Ordinal) && instrument.Meter.Name != "ExtProc.Rehearsal")
            {
                listening.EnableMeasurementEvents(instrument);
            }
        };
        await using Served served = Served.Build(options => options with { LogExchanges = true }, new Scripted
        {
            RequestHeaders = (exchange, _) =>
            {
                seen.Enqueue(exchange.IsRehearsal);
                return exchange.IsRehearsal ? throw new ExchangeRefusedException(Reasons.ChangeWithoutEffect, "which in an exchange is counted") : Verdict.Continue;
            },
            Completed = (exchange, _) => completed.Enqueue(exchange.IsRehearsal),
        });
        listener.SetMeasurementEventCallback<long>((instrument, _, _, _) =>
        {
            if (instrument.Meter.Scope == served.Meters)
            {
                counted.Enqueue(instrument.Name);
            }
        });
        listener.Start();

        await served.StartAsync().WaitAsync(Patience);
        Assert.NotEmpty(seen);
        Assert.All(seen, Assert.True);
        Assert.Empty(counted);
        Assert.DoesNotContain(served.Lines, line => line.Contains("ended=", StringComparison.Ordinal) || line.Contains("exchange", StringComparison.Ordinal));

        await PlayAsync(served);
        Assert.False(seen.Last());
        await Until.TrueAsync(() => served.Lines.Any(line => line.Contains("ended=", StringComparison.Ordinal)), "the real exchange was logged");
        Assert.Equal([false], completed);
    }

    [Theory]
    [InlineData(OnError.Fail)]
    [InlineData(OnError.Skip)]
    [InlineData(OnError.Respond)]
    public async Task A_processor_that_throws_in_a_rehearsal_is_told_of_once_and_keeps_no_server_from_serving(OnError onError)
    {
        await using Served served = await Served.StartAsync(
            options => options with { Pipeline = new("throwing", [options.Pipeline.Steps[0] with { OnError = onError }]) },
            new Scripted { RequestHeaders = (exchange, _) => exchange.IsRehearsal ? throw new InvalidOperationException("not my kind of request") : Verdict.Continue });

        string line = Assert.Single(served.Lines, line => line.Contains("not my kind of request", StringComparison.Ordinal));
        Assert.StartsWith("processor \"scripted\" failed in the rehearsal", line, StringComparison.Ordinal);
        Assert.Contains("Exchange.IsRehearsal", line, StringComparison.Ordinal);
        await PlayAsync(served);
    }

    [Theory]
    [InlineData(OnError.Fail)]
    [InlineData(OnError.Skip)]
    public async Task A_processor_that_takes_too_long_in_a_rehearsal_is_named(OnError onError)
    {
        await using Served served = await Served.StartAsync(
            options => options with { Pipeline = new("slow", [options.Pipeline.Steps[0] with { OnError = onError }]), Limits = new() { HandlerTimeout = TimeSpan.FromMilliseconds(20) } },
            new Scripted
            {
                RequestHeaders = async (exchange, cancellation) =>
                {
                    await Task.Delay(exchange.IsRehearsal ? Timeout.InfiniteTimeSpan : TimeSpan.Zero, TimeProvider.System, cancellation);
                    return Verdict.Continue;
                },
            });

        Assert.StartsWith("processor \"scripted\" failed in the rehearsal", Assert.Single(served.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_mode_cannot_do_is_no_failure_of_a_rehearsal()
    {
        await using Served served = await Served.StartAsync(
            options => options, new Scripted { Needs = needs => needs.RequestBody = BodyNeed.Whole(1024), RequestBody = (_, _, _) => Verdict.Continue });

        Assert.Empty(served.Warnings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rehearsal_that_does_not_end_is_given_up_at_its_deadline(bool keepsItsThread)
    {
        using ManualResetEventSlim never = new();
        TaskCompletionSource wait = new();
        await using Served served = await Served.StartAsync(
            options => options with { Rehearsal = new() { Timeout = TimeSpan.FromMilliseconds(200) } },
            new Scripted
            {
                RequestHeaders = async (exchange, _) =>
                {
                    if (exchange.IsRehearsal && keepsItsThread)
                    {
                        never.Wait(Patience, CancellationToken.None);
                    }
                    else if (exchange.IsRehearsal)
                    {
                        await wait.Task;
                    }

                    return Verdict.Continue;
                },
            }).WaitAsync(Patience);

        Assert.Single(served.Lines, line => line.StartsWith("the rehearsal did not end within 200ms (rehearsal.timeout)", StringComparison.Ordinal));
        await PlayAsync(served);
        never.Set();
        wait.SetResult();
    }

    [Fact]
    public async Task A_timeout_of_zero_means_no_rehearsal()
    {
        int seen = 0;
        await using Served served = await Served.StartAsync(
            options => options with { Rehearsal = new() { Timeout = TimeSpan.Zero } },
            new Scripted
            {
                RequestHeaders = (_, _) =>
                {
                    seen++;
                    return Verdict.Continue;
                },
            });

        Assert.Equal(0, seen);
    }

    public static TheoryData<string, ProcessingMode?, bool, string[]> Declared => new()
    {
        { "nothing", null, false, ["None", "Streamed", "Buffered", "FullDuplexStreamed", "None", "None"] },
        { "full duplex", new() { RequestBodyMode = BodySendMode.FullDuplexStreamed, RequestTrailerMode = HeaderSendMode.Send }, false, ["FullDuplexStreamed", "FullDuplexStreamed", "FullDuplexStreamed"] },
        { "buffered", new() { RequestBodyMode = BodySendMode.Buffered, ResponseBodyMode = BodySendMode.Streamed }, false, ["Buffered", "Buffered", "Buffered"] },
        { "an observer", new() { RequestBodyMode = BodySendMode.Streamed }, true, ["Streamed", "Streamed"] },
        { "headers only of the response", new() { RequestHeaderMode = HeaderSendMode.Skip }, false, [] },
    };

    [Theory]
    [MemberData(nameof(Declared))]
    public async Task The_modes_that_are_declared_are_rehearsed_and_all_where_none_are(string declared, ProcessingMode? mode, bool observed, string[] expected)
    {
        ConcurrentQueue<string> modes = new(), ends = new();
        await using Served served = await Served.StartAsync(
            options => options with { Envoy = new() { ProcessingMode = mode, ObservabilityMode = observed } },
            new Scripted
            {
                RequestHeaders = (exchange, _) =>
                {
                    modes.Enqueue(exchange.BodyMode(Direction.Request).ToString()!);
                    Assert.Equal(observed, exchange.IsObserved);
                    return Verdict.Continue;
                },
                ResponseHeaders = (exchange, _) =>
                {
                    ends.Enqueue(exchange.Method);
                    return Verdict.Continue;
                },
            });

        Assert.Equal(expected, modes);
        Assert.True(ends.Count >= 2, $"with {declared} declared only {ends.Count} exchanges came as far as the response");
        Assert.Empty(served.Warnings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_test_host_can_play_a_rehearsal(bool isRehearsal)
    {
        List<string> seen = [];
        Play play = Play.Through(() => new Scripted
        {
            RequestHeaders = (exchange, _) =>
            {
                seen.Add($"rehearsal: {exchange.IsRehearsal}");
                return Verdict.Continue;
            },
            Completed = (_, _) => seen.Add("completed"),
        }).Request("GET").Response(204);

        await (isRehearsal ? play.AsRehearsal() : play).RunAsync();

        Assert.Equal(isRehearsal ? ["rehearsal: True"] : ["rehearsal: False", "completed"], seen);
    }

    private static ExtProcOptions WithAdmin(ExtProcOptions options) => options with { Admin = new() { Address = ListenAddress.Loopback(0) } };

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(Served served, string path)
    {
        using HttpClient client = new() { Timeout = Patience };
        using HttpResponseMessage response = await client.GetAsync(new Uri(served.AdminAddress + path));
        return (response.StatusCode, (await response.Content.ReadAsStringAsync()).TrimEnd());
    }

    private static async Task PlayAsync(Served served)
    {
        await using var client = await RawHttp2Client.ConnectAsync(served.Port);
        RawStream exchange = await client.CallAsync(Process);
        await exchange.SendAsync(RawHttp2Client.Message(new ProcessingRequest { RequestHeaders = new() { Headers = new(), EndOfStream = true }, ProtocolConfig = new() }.ToByteArray()));
        await exchange.ReceivedAsync(1);
        await exchange.SendAsync([], endStream: true);
        Assert.Equal(0, (await exchange.EndAsync()).GrpcStatus);
    }
}
