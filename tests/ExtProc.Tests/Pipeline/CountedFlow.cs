using System.Text;
using Envoy.Config.Core.V3;
using ExtProc.Configuration;
using ExtProc.Memory;
using ExtProc.Pipeline;
using ExtProc.Testing;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using WireMap = Envoy.Config.Core.V3.HeaderMap;

namespace ExtProc.Tests.Pipeline;

/// <summary>The request's direction through one processor, with a budget that counts what is taken of it.</summary>
internal sealed class CountedFlow : IMemoryBudget, IFlowOutput, IExchangeHost, IDisposable
{
    private readonly List<byte> _left = [];
    private readonly DirectionFlow _flow;
    private long _usedBytes;

    public CountedFlow(Processor processor, OnError onError = OnError.Fail, ExchangeLimits? limits = null, params (string Name, string Value)[] headers)
    {
        PipelineStep step = new(new("counted", processor.GetType(), null, IsShared: false) { Create = () => processor }) { OnError = onError };
        var plan = PipelinePlan.Build(new ExtProcOptions { Pipeline = new("counted", [step]), Limits = limits ?? new() }, NoServices.Instance, out _);
        Account = new(this);
        Run = new(plan, new Exchange(this, plan.Envoy, plan.Limits), Account);
        Run.Exchange.RequestHeaders.Receive(new WireMap { Headers = { headers.Select(line => new HeaderValue { Key = line.Name, RawValue = ByteString.CopyFrom(line.Value, Encoding.Latin1) }) } }.ToByteArray());
        _flow = new(Run, Direction.Request, this);
    }

    public ExchangeRun Run { get; }

    public MemoryAccount Account { get; }

    /// <summary>All that was ever taken: memory that is taken again and again for the same bytes counts each time.</summary>
    public long TakenBytes { get; private set; }

    /// <summary>What is taken now.</summary>
    public long UsedBytes => Interlocked.Read(ref _usedBytes);

    /// <summary>The most that was taken at one time.</summary>
    public long PeakBytes { get; private set; }

    /// <summary>The body as it left.</summary>
    public byte[] Left => [.. _left];

    public long LimitBytes { get; init; } = long.MaxValue;

    public LargeArrays LargeArrays { get; } = new(() => 0);

    public bool CanHold => true;

    public bool SeesEnd => true;

    public bool HeadersCanWait => true;

    public string? WhyNoBody => null;

    public bool IsObserved => false;

    public bool CanRespond => false;

    public bool HasResponseStarted => false;

    public TimeSpan TimeLeft => TimeSpan.Zero;

    public Task HeadersAsync() => _flow.HeadersAsync(endOfStream: false).AsTask();

    /// <summary>A part of the body comes, is dealt with, and is over.</summary>
    public async Task BodyAsync(ReadOnlyMemory<byte> bytes, bool isLast = false)
    {
        await _flow.BodyAsync(bytes, isLast, isCut: false);
        _flow.EndPart();
    }

    public void Take(long bytes)
    {
        Interlocked.Add(ref _usedBytes, bytes);
        TakenBytes += bytes;
        PeakBytes = Math.Max(PeakBytes, UsedBytes);
    }

    public void Return(long bytes) => Interlocked.Add(ref _usedBytes, -bytes);

    public bool MustGiveWay(long heldBytes) => UsedBytes > LimitBytes;

    public void ReleaseHeaders()
    {
    }

    public void ReleaseBody(ReadOnlyMemory<byte> bytes, bool isLast) => _left.AddRange(bytes.Span);

    public void ReleaseTrailers()
    {
    }

    public string? Refusal(StepPlan step) => null;

    public void Respond(LocalResponse response, StepPlan step) => throw new InvalidOperationException("nobody answers here");

    public ValueTask FlushAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

    public BodySendMode? BodyMode(Direction direction) => BodySendMode.FullDuplexStreamed;

    public bool TryExtendTime(TimeSpan time) => false;

    public IEnumerable<Struct> Attributes() => [];

    public Struct? Metadata(string filterNamespace) => null;

    public void Dispose() => _flow.Dispose();
}
