using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace ExtProc.Transport;

/// <summary>A response that the library writes, of which is counted what its peer has not taken.</summary>
internal sealed class CountedResponse(IHttpResponseBodyFeature response, UntakenBytes untaken) : IHttpResponseBodyFeature
{
    private readonly Output output = new(response.Writer, untaken);

    public Stream Stream => response.Stream;

    public PipeWriter Writer => output;

    public void DisableBuffering() => response.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => response.StartAsync(cancellationToken);

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        response.SendFileAsync(path, offset, count, cancellationToken);

    public Task CompleteAsync() => response.CompleteAsync();

    private sealed class Output(PipeWriter output, UntakenBytes untaken) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => output.CanGetUnflushedBytes;

        public override long UnflushedBytes => output.UnflushedBytes;

        public override Memory<byte> GetMemory(int sizeHint = 0) => untaken.Ask(output, sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => untaken.Ask(output, sizeHint).Span;

        public override void Advance(int bytes) => output.Advance(bytes);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => output.FlushAsync(cancellationToken);

        public override void CancelPendingFlush() => output.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => output.Complete(exception);
    }
}
