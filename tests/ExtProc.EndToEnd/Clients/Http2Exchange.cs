using System.Globalization;
using ExtProc.EndToEnd.Wire;

namespace ExtProc.EndToEnd.Clients;

/// <summary>An exchange on a stream of an HTTP/2 connection.</summary>
internal sealed class Http2Exchange(Http2Connection connection, bool ownsConnection) : ClientExchange
{
    private const uint Cancel = 8;
    private readonly Http2Stream stream = connection.Open();
    private bool ended;

    public static async Task<Http2Exchange> OpenAsync(int port, CancellationToken cancel) =>
        new(await Http2Connection.OpenAsync(port, cancel), ownsConnection: true);

    public override Task SendHeadAsync(RequestHead head, CancellationToken cancel)
    {
        var fields = new Fields { { ":method", head.Upgrade is null ? head.Method : "CONNECT" }, { ":authority", head.Authority } };
        if (head.Method != "CONNECT")
        {
            fields.Add(":scheme", "http");
            fields.Add(":path", head.Path);
        }

        if (head.Upgrade is { } upgrade)
        {
            fields.Add(":protocol", upgrade);
        }

        if (head.ContentLength is { } length)
        {
            fields.Add("content-length", length.ToString(CultureInfo.InvariantCulture));
        }

        return stream.SendHeadersAsync(fields.With(head.Headers), endStream: !head.HasBody, cancel);
    }

    public override Task WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancel) =>
        stream.SendDataAsync(piece, endStream: false, cancel);

    public override Task WriteLastAsync(ReadOnlyMemory<byte> piece, CancellationToken cancel) =>
        stream.SendDataAsync(piece, endStream: true, cancel);

    public override Task EndAsync(Fields? trailers, CancellationToken cancel) => trailers is null
        ? stream.SendDataAsync(default, endStream: true, cancel)
        : stream.SendHeadersAsync(trailers, endStream: true, cancel);

    public override async Task<ResponseHead> ReadHeadAsync(CancellationToken cancel)
    {
        while (true)
        {
            var (fields, _, endStream) = await stream.ReadAsync(cancel) ?? throw new CutShortException("the stream ended without a response");
            var head = new ResponseHead(int.Parse(fields![":status"]!, CultureInfo.InvariantCulture), fields);
            if (head.Status >= 200)
            {
                ended = endStream;
                return head;
            }

            Informational.Add(head);
        }
    }

    public override async Task<byte[]?> ReadAsync(CancellationToken cancel)
    {
        while (!ended && await stream.ReadAsync(cancel) is var (fields, data, endStream))
        {
            ended = endStream;
            if (data is { Length: > 0 })
            {
                return data;
            }

            Trailers = fields ?? Trailers;
        }

        return null;
    }

    public override Task AbortAsync(CancellationToken cancel) => stream.ResetAsync(Cancel, cancel);

    public override ValueTask DisposeAsync() => ownsConnection ? connection.DisposeAsync() : ValueTask.CompletedTask;
}
