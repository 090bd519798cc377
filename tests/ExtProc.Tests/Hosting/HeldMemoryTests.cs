using Envoy.Config.Core.V3;
using Envoy.Service.ExtProc.V3;
using ExtProc.Abilities;
using ExtProc.Configuration;
using ExtProc.Tests.Pipeline;
using ExtProc.Tests.Transport;
using Google.Protobuf;
using Grpc.Core;
using SendMode = Envoy.Extensions.Filters.Http.ExtProc.V3.ProcessingMode.Types.BodySendMode;

namespace ExtProc.Tests.Hosting;

/// <summary>What exchanges hold is in the server's budget: those that hold much end, and those beside them notice nothing.</summary>
public sealed class HeldMemoryTests
{
    private const int MiB = 1 << 20;

    [Fact]
    public async Task Exchanges_that_hold_more_than_the_budget_end_and_a_small_one_beside_them_does_not()
    {
        await using Served served = await Served.StartAsync(options => Quiet(options) with { Transport = new() { MemoryBudgetBytes = 16 * MiB } }, Holding());
        await using var client = await RawHttp2Client.ConnectAsync(served.Port);
        RawStream small = await BeginAsync(client);
        await small.SendAsync(Chunk(1000));

        RawStream[] large = [await BeginAsync(client), await BeginAsync(client), await BeginAsync(client), await BeginAsync(client)];
        await Task.WhenAll(large.Select(HoldAsync));
        await client.UntilAsync(() => large.Any(stream => stream.Over), "the largest end");

        Assert.All(large.Where(stream => stream.EndStream), stream => Assert.Equal((int)StatusCode.ResourceExhausted, stream.GrpcStatus));
        Assert.Contains(served.Lines, line => line.Contains(Reasons.MemoryBudget, StringComparison.Ordinal));
        await small.SendAsync(Chunk(1000, endOfStream: true));
        await small.ReceivedAsync(2);
        Assert.False(small.Over);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    public async Task Uploads_that_begin_and_wait_make_room_for_one_that_goes_on(string coding)
    {
        await using Served served = await Served.StartAsync(options => Quiet(options) with { Limits = new() { DecodingExchanges = 3 } }, Scripted.UpperRequest());
        await using var client = await RawHttp2Client.ConnectAsync(served.Port);
        byte[] body = ContentCodings.Encode(coding, "a body"u8);
        List<RawStream> idle = [];
        for (int i = 0; i < 9; i++)
        {
            idle.Add(await BeginAsync(client, ("content-encoding", coding)));
            await idle[i].SendAsync(Message(new() { RequestBody = new() { Body = ByteString.CopyFrom(body, 0, 1) } }));

            // One at a time: who makes room is who has waited longest.
            await client.UntilAsync(() => idle.Count(stream => stream.Over) == Math.Max(0, i - 2), "of those before it all end but two");
            await Until.TrueAsync(() => served.Plan.DecodingPlaces.Waiting == Math.Min(i + 1, 3), "the last one waits");
        }

        RawStream busy = await BeginAsync(client, ("content-encoding", coding));
        await busy.SendAsync(Message(new() { RequestBody = new() { Body = ByteString.CopyFrom(body), EndOfStream = true } }));
        await busy.ReceivedAsync(2);

        ByteString left = ProcessingResponse.Parser.ParseFrom(busy.Messages()[1]).RequestBody.Response.BodyMutation.StreamedResponse.Body;
        Assert.Equal("A BODY"u8.ToArray(), ContentCodings.Decode(coding, left.ToByteArray()));
        Assert.All(idle.Take(6), stream => Assert.Equal((int)StatusCode.ResourceExhausted, stream.GrpcStatus));
        Assert.Contains(served.Lines, line => line.Contains(Reasons.DecodingLimit, StringComparison.Ordinal));
    }

    /// <summary>As much waits for the handler as may, so nothing is read, and nothing that is read could say that the client has left.</summary>
    [Fact]
    public async Task What_waits_for_a_busy_handler_is_let_go_when_the_client_leaves()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously), cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ExchangeLimits limits = new() { HandlerTimeout = TimeSpan.FromMinutes(5), PendingBytes = 64 << 10 };
        await using Served served = await Served.StartAsync(options => Quiet(options) with { Limits = limits }, Stalling(begun, cancelled));
        await using (var client = await RawHttp2Client.ConnectAsync(served.Port))
        {
            RawStream exchange = await client.CallAsync(HeldExchange.Path);
            await exchange.SendAsync(Message(new() { RequestHeaders = new() { Headers = new() }, ProtocolConfig = new() { RequestBodyMode = SendMode.FullDuplexStreamed } }));
            for (int chunk = 0; chunk < 4; chunk++)
            {
                await exchange.SendAsync(Chunk(40 << 10));
            }

            await begun.Task.WaitAsync(RawHttp2Client.Patience);
        }

        await cancelled.Task.WaitAsync(RawHttp2Client.Patience);
    }

    [Fact]
    public async Task Headers_of_compressed_uploads_alone_take_no_place()
    {
        await using Served served = await Served.StartAsync(options => Quiet(options) with { Limits = new() { DecodingExchanges = 1 } }, Scripted.UpperRequest());
        await using var client = await RawHttp2Client.ConnectAsync(served.Port);
        List<RawStream> begun = [];
        for (int i = 0; i < 20; i++)
        {
            begun.Add(await BeginAsync(client, ("content-encoding", "gzip")));
        }

        Assert.All(begun, stream => Assert.False(stream.Over));
    }

    private static ExtProcOptions Quiet(ExtProcOptions options) => options with { Rehearsal = new() { Timeout = TimeSpan.Zero } };

    private static Scripted Holding() => new()
    {
        Needs = needs => needs.RequestBody = BodyNeed.Stream(15 * MiB),
        RequestBody = (_, body, _) =>
        {
            body.Hold(body.CanHold ? body.Length : 0);
            return Verdict.Continue;
        },
    };

    /// <summary>Does not come back from the headers of a request until it is told to.</summary>
    private static Scripted Stalling(TaskCompletionSource begun, TaskCompletionSource cancelled) => new()
    {
        RequestHeaders = async (_, cancellation) =>
        {
            begun.TrySetResult();
            cancellation.Register(() => cancelled.TrySetResult());
            await cancelled.Task;
            return Verdict.Continue;
        },
        RequestBody = (_, _, _) => Verdict.Continue,
    };

    /// <summary>Opens an exchange and waits until its headers are answered.</summary>
    private static async Task<RawStream> BeginAsync(RawHttp2Client client, params (string Name, string Value)[] headers)
    {
        RawStream exchange = await client.CallAsync("/envoy.service.ext_proc.v3.ExternalProcessor/Process");
        await exchange.SendAsync(Message(new()
        {
            RequestHeaders = new() { Headers = new() { Headers = { headers.Select(line => new HeaderValue { Key = line.Name, RawValue = ByteString.CopyFromUtf8(line.Value) }) } } },
            ProtocolConfig = new() { RequestBodyMode = SendMode.FullDuplexStreamed },
        }));
        await exchange.ReceivedAsync(1);
        return exchange;
    }

    private static async Task HoldAsync(RawStream exchange)
    {
        for (int chunk = 0; chunk < 140 && !exchange.Over; chunk++)
        {
            await exchange.SendAsync(Chunk(64 << 10));
        }
    }

    private static byte[] Chunk(int bytes, bool endOfStream = false) =>
        Message(new() { RequestBody = new() { Body = ByteString.CopyFrom(new byte[bytes]), EndOfStream = endOfStream } });

    private static byte[] Message(ProcessingRequest request) => RawHttp2Client.Message(request.ToByteArray());
}
