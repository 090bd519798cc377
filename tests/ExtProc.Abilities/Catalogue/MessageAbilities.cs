using System.Buffers.Binary;
using System.Text;

namespace ExtProc.Abilities.Catalogue;

/// <summary>Bodies that are made of messages: one call each, wherever the body is cut.</summary>
internal static class MessageAbilities
{
    public static IEnumerable<Ability> All =>
    [
        Reading("grpc_messages_come_one_by_one", "application/grpc", [.. Cut([.. Framed("one"), .. Framed("two")], 3, 9)]) with
        {
            Modes = [BodySendMode.FullDuplexStreamed, BodySendMode.Buffered],
        },
        Reading("events_come_one_by_one", "text/event-stream", [.. Cut(Encoding.UTF8.GetBytes("data: one\n\ndata: two\n\n"), 4, 13)]) with
        {
            Modes = [BodySendMode.FullDuplexStreamed],
        },
        Reading("json_lines_come_one_by_one", "application/x-ndjson", [.. Cut(Encoding.UTF8.GetBytes("{\"n\":1}\n{\"n\":2}\n"), 5, 12)]) with
        {
            Modes = [BodySendMode.FullDuplexStreamed, BodySendMode.Buffered],
        },
    ];

    private static Ability Reading(string name, string type, IReadOnlyList<byte[]> response) => new(name)
    {
        Does = new()
        {
            Needs = needs => needs.ResponseBody = BodyNeed.Messages(1000),
            ResponseBody = (exchange, body, _) =>
            {
                exchange.Note($"{Encoding.UTF8.GetString(body.Span)}{(body.IsLast ? "(end)" : "")}");
                if (body.Span.IndexOfAny("two"u8, "2"u8) >= 0)
                {
                    body.Replace("changed"u8);
                }

                return Verdict.Continue;
            },
        },
        Story = new()
        {
            Method = "POST", RequestHeaders = type == "application/grpc" ? [("content-type", type), ("te", "trailers")] : [],
            ResponseHeaders = [("content-type", type)], Response = response,
            ResponseTrailers = type == "application/grpc" ? [("grpc-status", "0")] : [],
        },
    };

    private static int IndexOfAny(this ReadOnlySpan<byte> text, ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => Math.Max(text.IndexOf(one), text.IndexOf(other));

    private static byte[] Framed(string text)
    {
        byte[] frame = new byte[5 + text.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), text.Length);
        Encoding.ASCII.GetBytes(text, frame.AsSpan(5));
        return frame;
    }

    private static IEnumerable<byte[]> Cut(byte[] bytes, int first, int second) => [bytes[..first], bytes[first..second], bytes[second..]];
}
