using ExtProc.Configuration;
using ExtProc.Pipeline;
using ExtProc.Session;
using ExtProc.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace ExtProc.Benchmarks.InProcess;

/// <summary>Exchanges through session and processors, without HTTP: everything that is ours, and nothing of Kestrel's.</summary>
internal sealed class InProcessExchange
{
    private readonly PipelinePlan _plan;
    private readonly DiscardedResponse _response = new();

    public InProcessExchange(params PipelineStep[] steps) => _plan = PipelinePlan.Build(
        new ExtProcOptions { Pipeline = new("bench", steps), Limits = new() { AddedBytes = 1L << 40 } },
        new ServiceCollection().BuildServiceProvider(),
        out _);

    /// <summary>Bytes answered so far.</summary>
    public long BytesAnswered => _response.Bytes;

    /// <summary>Runs one exchange to its end; everything is here, so nothing waits.</summary>
    public void Run(byte[] first, byte[] repeated, int times, byte[] last)
    {
        using var reader = new GrpcReader(new RecordedRequest(first, repeated, times, last), new GrpcReaderLimits(32 << 20));
        var call = new GrpcCall(TimeProvider.System);
        var session = new ExchangeSession(_plan, reader, new GrpcWriter(_response), call);
        Finish(session.RunAsync());
        Finish(session.EndAsync().AsTask());
        Finish(session.DisposeAsync().AsTask());
    }

    private static void Finish(Task task)
    {
        if (!task.IsCompleted)
        {
            throw new InvalidOperationException("an exchange waited although all of it was here");
        }

        task.GetAwaiter().GetResult();
    }
}
