using Envoy.Service.ExtProc.V3;
using ExtProc.Attacks.Wire;
using ExtProc.Tests.Transport;
using Google.Protobuf;

namespace ExtProc.Attacks.Running;

/// <summary>What a well-behaved Envoy does: exchanges on a connection of its own, one after another, each checked to its end.</summary>
internal sealed class SteadyCaller(int port) : IAsyncDisposable
{
    private const int PieceBytes = 16 << 10, Pieces = 4;
    private static readonly ByteString Piece = ByteString.CopyFromUtf8(string.Concat(Enumerable.Repeat("sixteen letters.", PieceBytes / 16)));
    private RawHttp2Client? _connection;

    /// <summary>Headers of a request and of its response, without bodies.</summary>
    public Task SmallExchangeAsync() => OnCallAsync(async call =>
    {
        await call.SendAsync(Requests.RequestHeaders(endOfStream: true).Framed());
        await call.ReceivedAsync(1);
        await call.SendAsync(Requests.ResponseHeaders(endOfStream: true).Framed(), endStream: true);
    });

    /// <summary>An upload of 64 KiB in full duplex, which must come back as it was.</summary>
    public Task UploadAsync() => OnCallAsync(async call =>
    {
        await call.SendAsync(Requests.RequestHeaders(more: ("content-type", "text/plain")).Framed());
        for (int piece = 1; piece <= Pieces; piece++)
        {
            await call.SendAsync(Requests.RequestBody(Piece, endOfStream: piece == Pieces).Framed());
        }

        await _connection!.UntilAsync(() => call.Over || BodyBytes(call) == PieceBytes * Pieces, "the whole body");
        Require(BodyBytes(call) == PieceBytes * Pieces, call, $"{BodyBytes(call)} bytes of the body came back");
        await call.SendAsync(Requests.ResponseHeaders(endOfStream: true).Framed(), endStream: true);
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task OnCallAsync(Func<RawStream, Task> talk)
    {
        RawHttp2Client connection = await ConnectedAsync();
        RawStream call = await connection.CallAsync(Peer.Process);
        await talk(call);
        await call.EndAsync();
        Require(call.ResetCode is null && call.GrpcStatus == 0, call, "it did not end well");
    }

    private async Task<RawHttp2Client> ConnectedAsync()
    {
        if (_connection is { Closed: false, GoAwayCode: null } connection)
        {
            return connection;
        }

        await DisposeAsync();
        return _connection = await RawHttp2Client.ConnectAsync(port);
    }

    private static int BodyBytes(RawStream call) => call.Messages()
        .Select(ProcessingResponse.Parser.ParseFrom)
        .Sum(reply => reply.RequestBody?.Response?.BodyMutation?.StreamedResponse?.Body.Length ?? 0);

    private static void Require(bool condition, RawStream call, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"{what} ({StatusOf(call)})");
        }
    }

    private static string StatusOf(RawStream call) =>
        call.ResetCode is { } code ? $"reset {code}"
        : call.All("grpc-status").Any() ? $"status {call.GrpcStatus} {call.GrpcMessage}"
        : "no status";
}
