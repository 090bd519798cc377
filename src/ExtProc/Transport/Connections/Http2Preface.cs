using System.Buffers;
using System.IO.Pipelines;

namespace ExtProc.Transport.Connections;

/// <summary>The bytes that a client of HTTP/2 sends first (RFC 9113, 3.4), looked at before anything is made for its connection.</summary>
internal static class Http2Preface
{
    private static ReadOnlySpan<byte> Text => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Waits until the whole preface is there, and leaves it; false as soon as something else is, or nothing more can come.</summary>
    public static async ValueTask<bool> ComesAsync(PipeReader input)
    {
        while (true)
        {
            ReadResult read;
            try
            {
                read = await input.ReadAsync(CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException)
            {
                return false; // the next reader gets the same error
            }

            int same = Same(read.Buffer);
            bool isOver = same < 0 || same == Text.Length || read.IsCompleted || read.IsCanceled;
            input.AdvanceTo(read.Buffer.Start, isOver ? read.Buffer.Start : read.Buffer.End);
            if (isOver)
            {
                return same == Text.Length;
            }
        }
    }

    // How many bytes of the preface are there; -1 when others are.
    private static int Same(in ReadOnlySequence<byte> begun)
    {
        ReadOnlySequence<byte> start = begun.Slice(0, Math.Min(begun.Length, Text.Length));
        Span<byte> copy = stackalloc byte[24];
        start.CopyTo(copy);
        return Text.StartsWith(copy[..(int)start.Length]) ? (int)start.Length : -1;
    }
}
