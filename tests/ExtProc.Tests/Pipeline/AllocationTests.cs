using ExtProc.Configuration;
using ExtProc.Pipeline;
using ExtProc.Testing;
using Google.Protobuf;

namespace ExtProc.Tests.Pipeline;

/// <summary>A processor without state costs an exchange nothing: whoever adds five pays for none.</summary>
public sealed class AllocationTests
{
    private const int Exchanges = 2000;

    [Fact]
    public async Task A_stateless_processor_allocates_nothing_for_an_exchange()
    {
        double one = await AllocatedAsync(processors: 1), six = await AllocatedAsync(processors: 6);

        Assert.InRange(six - one, -64, 64); // bytes an exchange; one object for each processor would be more
    }

    private static async Task<double> AllocatedAsync(int processors)
    {
        PipelineStep step = new(ProcessorKind.Of<Looker>("looker", isShared: true));
        var options = new ExtProcOptions { Pipeline = new("allocation", [.. Enumerable.Repeat(step, processors)]) };
        PipelinePlan plan = PipelinePlan.Build(options, NoServices.Instance, out _);
        byte[] message = RequestHeaders();
        await RunAsync(plan, message); // warms up
        double best = double.MaxValue;
        for (int attempt = 0; attempt < 3; attempt++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            await RunAsync(plan, message);
            best = Math.Min(best, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Exchanges);
        }

        return best;
    }

    /// <summary>Nothing waits, so all of it runs on this thread.</summary>
    private static async Task RunAsync(PipelinePlan plan, byte[] message)
    {
        for (int i = 0; i < Exchanges; i++)
        {
            var exchange = new Exchange(new Host(), plan.Envoy, plan.Limits);
            var run = new ExchangeRun(plan, exchange);
            exchange.RequestHeaders.Receive(message);
            var flow = new DirectionFlow(run, Direction.Request, new Nowhere());
            ValueTask headers = flow.HeadersAsync(endOfStream: true);
            Assert.True(headers.IsCompletedSuccessfully);
            flow.Dispose();
            await run.DisposeAsync();
        }
    }

    private static byte[] RequestHeaders() => new Envoy.Config.Core.V3.HeaderMap { Headers = { new Envoy.Config.Core.V3.HeaderValue { Key = "x-a", RawValue = ByteString.CopyFromUtf8("1") } } }.ToByteArray();

    private sealed class Looker : Processor
    {
        public override ValueTask<Verdict> OnRequestHeadersAsync(Exchange exchange, CancellationToken cancellation) =>
            exchange.RequestHeaders.TryGetReceived("x-none"u8, out _) ? Verdict.Leave : Verdict.Continue;
    }

    private sealed class Nowhere : IFlowOutput
    {
        public bool CanHold => true;

        public bool SeesEnd => true;

        public bool HeadersCanWait => true;

        public string? WhyNoBody => null;

        public string? Refusal(StepPlan step) => null;

        public void ReleaseHeaders()
        {
        }

        public void ReleaseBody(ReadOnlyMemory<byte> bytes, bool isLast)
        {
        }

        public void ReleaseTrailers()
        {
        }

        public void Respond(LocalResponse response, StepPlan step) => Assert.Fail("nobody answers here");

        public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;
    }

    private sealed class Host : IExchangeHost
    {
        public bool IsObserved => false;

        public bool CanRespond => true;

        public bool HasResponseStarted => false;

        public TimeSpan TimeLeft => TimeSpan.Zero;

        public BodySendMode? BodyMode(Direction direction) => null;

        public bool TryExtendTime(TimeSpan time) => false;

        public IEnumerable<Google.Protobuf.WellKnownTypes.Struct> Attributes() => [];

        public Google.Protobuf.WellKnownTypes.Struct? Metadata(string filterNamespace) => null;
    }
}
