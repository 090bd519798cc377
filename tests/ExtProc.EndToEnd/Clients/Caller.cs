using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Clients;

/// <summary>Sends whole requests and collects whole answers.</summary>
internal static class Caller
{
    public static async Task<ClientExchange> OpenAsync(ClientProtocol protocol, int port, CancellationToken cancel) => protocol switch
    {
        ClientProtocol.Http1 => await Http1Exchange.OpenAsync(port, cancel),
        _ => await Http2Exchange.OpenAsync(port, cancel),
    };

    /// <summary>Writes the request and reads the answer at the same time, as an answer may begin before the request is out.</summary>
    public static async Task<Answer> SendAsync(ClientExchange exchange, RequestHead head, Call call, CancellationToken cancel)
    {
        await exchange.SendHeadAsync(head, cancel);
        var sending = SendBodyAsync(exchange, call, cancel);
        var answer = await CollectAsync(exchange, cancel);
        try
        {
            await sending;
        }
        catch (CutShortException)
        {
            // The answer tells what happened.
        }

        return answer;
    }

    public static async Task<Answer> CollectAsync(ClientExchange exchange, CancellationToken cancel)
    {
        ResponseHead? head = null;
        using var body = new MemoryStream();
        string? cut = null;
        try
        {
            head = await exchange.ReadHeadAsync(cancel);
            while (await exchange.ReadAsync(cancel) is { } piece)
            {
                body.Write(piece);
            }
        }
        catch (CutShortException e)
        {
            cut = e.Message;
        }

        return new Answer(head?.Status ?? 0, head?.Headers ?? [], body.ToArray(), exchange.Trailers, exchange.Informational, cut);
    }

    private static async Task SendBodyAsync(ClientExchange exchange, Call call, CancellationToken cancel)
    {
        if (call.Pieces is null)
        {
            return;
        }

        byte[][] pieces = [.. call.Pieces.Where(piece => piece.Length > 0)];
        bool endsWithPiece = call.Trailers is null && pieces.Length > 0;
        foreach (byte[] piece in endsWithPiece ? pieces.SkipLast(1) : pieces)
        {
            await exchange.WriteAsync(piece, cancel);
        }

        await (endsWithPiece ? exchange.WriteLastAsync(pieces[^1], cancel) : exchange.EndAsync(call.Trailers, cancel));
    }
}
