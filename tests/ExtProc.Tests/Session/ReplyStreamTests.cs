using System.IO.Pipelines;
using ExtProc.Session;
using ExtProc.Transport;

namespace ExtProc.Tests.Session;

public sealed class ReplyStreamTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Replies_that_nobody_reads_fail_the_exchange_after_the_stall_timeout()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1));
        using var output = new ReplyStream(new GrpcWriter(pipe.Writer), TimeSpan.FromMilliseconds(50), TimeProvider.System);
        output.Encoder.Message(new());

        await Assert.ThrowsAsync<ExchangeStalledException>(() => output.FlushAsync().AsTask().WaitAsync(Limit));
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
