using System.Buffers.Binary;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Upstream;

/// <summary>A gRPC service by hand: five bytes before each message, the status in trailers.</summary>
internal static class GrpcEcho
{
    private const int PrefixBytes = 5;
    private static readonly Fields Headers = new() { { "content-type", "application/grpc" } };
    private static readonly Fields Ok = new() { { "grpc-status", "0" } };

    /// <summary>A message with its prefix.</summary>
    public static byte[] Frame(byte[] message)
    {
        byte[] frame = new byte[PrefixBytes + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, PrefixBytes);
        return frame;
    }

    public static async Task UnaryAsync(UpstreamCall call, CancellationToken cancel)
    {
        byte[] request = await call.ReadAllAsync(cancel);
        await call.StartAsync(200, Headers, cancel);
        await call.WriteAsync(request, cancel);
        await call.EndAsync(Ok, cancel);
    }

    /// <summary>Answers with headers at once, then sends every message back as soon as it is whole.</summary>
    public static async Task BidiAsync(UpstreamCall call, CancellationToken cancel)
    {
        await call.StartAsync(200, Headers, cancel);
        var pending = new List<byte>();
        while (await call.ReadAsync(cancel) is { } piece)
        {
            pending.AddRange(piece);
            while (WholeMessage(pending) is { } length)
            {
                await call.WriteAsync(pending.Take(length).ToArray(), cancel);
                pending.RemoveRange(0, length);
            }
        }

        await call.EndAsync(Ok, cancel);
    }

    /// <summary>An error without a body: one HEADERS frame that is trailers at the same time.</summary>
    public static async Task RefuseAsync(UpstreamCall call, CancellationToken cancel)
    {
        await call.ReadAllAsync(cancel);
        await call.StartAndEndAsync(200, Headers.With(new Fields { { "grpc-status", "7" }, { "grpc-message", "refused" } }), cancel);
    }

    private static int? WholeMessage(List<byte> pending)
    {
        if (pending.Count < PrefixBytes)
        {
            return null;
        }

        int length = PrefixBytes + BinaryPrimitives.ReadInt32BigEndian(pending.GetRange(1, 4).ToArray());
        return pending.Count >= length ? length : null;
    }
}
