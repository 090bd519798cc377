using System.IO.Pipelines;
using Envoy.Service.ExtProc.V3;
using ExtProc.Session;
using ExtProc.Tests.Transport;
using ExtProc.Transport;
using Google.Protobuf;

namespace ExtProc.Tests.Session;

public sealed class ReplyStreamTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly ProcessingResponse LargeReply = new() { ImmediateResponse = new() { Body = ByteString.CopyFrom(new byte[10_000]) } };

    [Fact]
    public async Task Replies_that_nobody_reads_fail_the_exchange_after_the_stall_timeout()
    {
        TaskCompletionSource<Exception?> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestGrpcServer server = await TestGrpcServer.StartAsync(null, ("Reply", async (_, writer, call) =>
        {
            using var output = new ReplyStream(writer, TimeSpan.FromMilliseconds(50), call.Time);
            ended.SetResult(await Record.ExceptionAsync(async () =>
            {
                while (true)
                {
                    output.Encoder.Message(LargeReply);
                    await output.FlushAsync();
                }
            }));
        }));
        await using RawHttp2Client client = await RawHttp2Client.ConnectAsync(server.Port, receiveWindowBytes: 1);
        await client.CallAsync($"/{TestGrpcServer.Service}/Reply");

        Assert.IsType<ExchangeStalledException>(await ended.Task.WaitAsync(Limit));
    }

    [Fact]
    public async Task A_peer_that_reads_in_time_is_waited_for()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        using var output = new ReplyStream(new GrpcWriter(pipe.Writer), Limit, TimeProvider.System);
        for (int reply = 0; reply < 3; reply++)
        {
            output.Encoder.Message(new());
            Task flush = output.FlushAsync().AsTask();
            ReadResult read = await pipe.Reader.ReadAsync().AsTask().WaitAsync(Limit);
            pipe.Reader.AdvanceTo(read.Buffer.End);

            await flush.WaitAsync(Limit);
        }
    }
}
