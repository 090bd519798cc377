using System.Buffers;
using BenchmarkDotNet.Attributes;
using ExtProc.Benchmarks.InProcess;
using ExtProc.Protocol;
using ExtProc.Transport;

namespace ExtProc.Benchmarks;

/// <summary>The frame and the messages on their own.</summary>
[MemoryDiagnoser]
public class CodecBenchmarks
{
    private readonly ReadOnlySequence<byte> _framed = new(Messages.RequestHeaders(hasBody: true));
    private readonly ReadOnlySequence<byte> _headers = new(Messages.Unframed(Messages.RequestHeaders(hasBody: true)));
    private readonly ReplyEncoder _encoder = new(new GrpcWriter(new DiscardedResponse()));

    [Benchmark]
    public bool Frame() => GrpcFrame.TryRead(_framed, out _);

    [Benchmark]
    public long HeadersMessage() => PartDecoder.Decode(_headers, ReceivedLimits.Default).Content.Length;

    [Benchmark]
    public void HeadersReply() => _encoder.Headers(Direction.Request, HeaderMutation.None, clearRouteCache: false, replacement: null, extras: default);
}
