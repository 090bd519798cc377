using BenchmarkDotNet.Attributes;
using ExtProc.Benchmarks.InProcess;
using ExtProc.Pipeline;
using ExtProc.Processors;

namespace ExtProc.Benchmarks;

/// <summary>Body chunks in full duplex through the whole session; the figures are for one chunk.</summary>
[MemoryDiagnoser]
public class ChunkBenchmarks
{
    private const int Chunks = 256;

    private readonly InProcessExchange _pass = new();
    private readonly InProcessExchange _replace = new(new PipelineStep(ProcessorKind.Of<ReplaceProcessor, ReplaceOptions>("replace"), new ReplaceOptions { Text = "secret", By = "******" }));
    private readonly byte[] _first = Messages.RequestHeaders(hasBody: true), _last = Messages.RequestBody(0, endOfStream: true);
    private byte[] _chunk = [];

    [Params(1, 16, 64)]
    public int KiB { get; set; }

    [GlobalSetup]
    public void MakeChunk() => _chunk = Messages.RequestBody(KiB << 10, endOfStream: false);

    [Benchmark(OperationsPerInvoke = Chunks)]
    public void Unchanged() => _pass.Run(_first, _chunk, Chunks, _last);

    [Benchmark(OperationsPerInvoke = Chunks)]
    public void Replaced() => _replace.Run(_first, _chunk, Chunks, _last);
}
