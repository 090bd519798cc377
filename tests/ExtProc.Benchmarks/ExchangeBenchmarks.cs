using BenchmarkDotNet.Attributes;
using ExtProc.Benchmarks.InProcess;
using ExtProc.Pipeline;
using ExtProc.Processors;

namespace ExtProc.Benchmarks;

/// <summary>A whole exchange in process: request and response headers, no bodies.</summary>
[MemoryDiagnoser]
public class ExchangeBenchmarks
{
    private readonly InProcessExchange _pass = new();
    private readonly InProcessExchange _headers = new(new PipelineStep(
        ProcessorKind.Of<HeadersProcessor, HeadersOptions>("headers", isShared: true),
        new HeadersOptions { Request = Setting("x-ext-proc-request"), Response = Setting("x-ext-proc-response") }));

    private readonly byte[] _request = Messages.RequestHeaders(hasBody: false), _response = Messages.ResponseHeaders();

    [Benchmark]
    public void PassThrough() => _pass.Run(_request, [], 0, _response);

    [Benchmark]
    public void HeadersChanged() => _headers.Run(_request, [], 0, _response);

    private static HeaderEdits Setting(string name) => new() { Set = new Dictionary<string, string> { [name] = "1" } };
}
