using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace ExtProc.Tests.Transport;

/// <summary>What a raw client knows of one of its streams. Its client's read loop writes it; tests wait on the client and then read.</summary>
internal sealed class RawStream(RawHttp2Client client, int id, int sendWindow)
{
    public int Id { get; } = id;

    public int SendWindow { get; set; } = sendWindow;

    public List<List<(string Name, string Value)>> HeaderBlocks { get; } = [];

    public MemoryStream Data { get; } = new();

    public bool EndStream { get; set; }

    public int? ResetCode { get; set; }

    public bool Over => EndStream || ResetCode is not null;

    public string? Header(string name) => HeaderBlocks[0].Where(header => header.Name == name).Select(header => header.Value).SingleOrDefault();

    /// <summary>From the last block, which is the only one when the answer is trailers-only; exactly once, or it throws.</summary>
    public int GrpcStatus => int.Parse(All("grpc-status").Single(), CultureInfo.InvariantCulture);

    public string GrpcMessage => WebUtility.UrlDecode(All("grpc-message").SingleOrDefault() ?? "");

    public IEnumerable<string> All(string name) =>
        HeaderBlocks.SelectMany(block => block).Where(header => header.Name == name).Select(header => header.Value);

    /// <summary>The gRPC messages that came so far.</summary>
    public List<byte[]> Messages()
    {
        List<byte[]> messages = [];
        ReadOnlySpan<byte> rest = Data.ToArray();
        while (rest.Length >= 5 && BinaryPrimitives.ReadInt32BigEndian(rest[1..]) is var length && rest.Length >= 5 + length)
        {
            messages.Add(rest.Slice(5, length).ToArray());
            rest = rest[(5 + length)..];
        }

        return messages;
    }

    public Task SendAsync(byte[] data, bool endStream = false) => client.SendDataAsync(this, data, endStream);

    public Task ResetAsync() => client.ResetAsync(this);

    public async Task<RawStream> EndAsync()
    {
        await client.UntilAsync(() => Over, $"stream {Id} ends");
        return this;
    }

    public Task ReceivedAsync(int messages) =>
        client.UntilAsync(() => Over || Messages().Count >= messages, $"{messages} messages on stream {Id}");
}
