using System.Threading.Channels;
using ExtProc.Front.Exchange;
using Microsoft.AspNetCore.Http;

namespace ExtProc.Front.Http;

/// <summary>The request's body as the app reads it: what the filter lets go, piece by piece.</summary>
internal sealed class AppRequestBody(Outlet outlet, CancellationToken aborted) : Stream
{
    private ReadOnlyMemory<byte> _rest;

    /// <summary>The body was read to its end.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>The trailers; empty before the end.</summary>
    public IHeaderDictionary Trailers { get; } = new HeaderDictionary();

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>There is no body.</summary>
    public void End() => IsAtEnd = true;

    /// <exception cref="IOException">The request was broken off, by its client or because its server answered it.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0 && !_rest.IsEmpty)
        {
            return 0;
        }

        while (_rest.IsEmpty && !IsAtEnd)
        {
            Take(await NextAsync(cancellationToken).ConfigureAwait(false));
        }

        int count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new InvalidOperationException("synchronous reads are not supported; use ReadAsync");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask<MessagePart> NextAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, aborted);
        try
        {
            return await outlet.NextAsync(both.Token).ConfigureAwait(false);
        }
        catch (ChannelClosedException closed)
        {
            throw new IOException("the request was broken off", closed.InnerException);
        }
    }

    private void Take(MessagePart part)
    {
        if (part.Kind is PartKind.Reset)
        {
            throw new IOException("the request was broken off: its ext_proc server has answered it, or has failed");
        }

        _rest = part.Bytes;
        IsAtEnd = part.End;
        if (part.Kind is PartKind.Trailers)
        {
            HeaderLines.Put(Trailers, part.Lines);
        }
    }
}
