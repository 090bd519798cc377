using System.Buffers.Binary;

namespace ExtProc.Attacks.Fuzz;

/// <summary>
/// What an Envoy said on one connection to a server, as it was recorded: its frames, and the messages of each call. The recordings
/// are in <c>tests/Shared/Conversations</c>; each is several exchanges in one of Envoy's body modes.
/// </summary>
/// <param name="bytes">the recording</param>
internal sealed class Conversation(byte[] bytes)
{
    private const int PrefaceBytes = 24, HeadBytes = 9, PrefixBytes = 5;

    /// <summary>Every recording.</summary>
    /// <param name="folder">where they are</param>
    public static IReadOnlyList<Conversation> All(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.bin").Order(StringComparer.Ordinal).Select(file => new Conversation(File.ReadAllBytes(file)))];

    /// <summary>As it was recorded.</summary>
    public byte[] Bytes { get; } = bytes;

    /// <summary>The preface, then frame by frame with their heads. What is no whole frame at the end is one of its own.</summary>
    public IReadOnlyList<byte[]> Frames { get; } = FramesOf(bytes);

    /// <summary>For each call its messages, without gRPC's five bytes.</summary>
    public IReadOnlyList<IReadOnlyList<byte[]>> Calls { get; } = CallsOf(FramesOf(bytes));

    private static List<byte[]> FramesOf(byte[] bytes)
    {
        List<byte[]> frames = [bytes[..Math.Min(PrefaceBytes, bytes.Length)]];
        for (int at = PrefaceBytes, next; at < bytes.Length; at = next)
        {
            next = at + HeadBytes <= bytes.Length ? at + HeadBytes + (BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at)) >>> 8) : bytes.Length;
            next = Math.Min(next, bytes.Length);
            frames.Add(bytes[at..next]);
        }

        return frames;
    }

    private static List<IReadOnlyList<byte[]>> CallsOf(List<byte[]> frames) =>
    [
        .. frames.Skip(1)
            .Where(frame => frame.Length > HeadBytes && frame[3] == 0) // DATA
            .GroupBy(frame => BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(5)), frame => frame[HeadBytes..])
            .Select(call => MessagesOf([.. call.SelectMany(data => data)])),
    ];

    private static List<byte[]> MessagesOf(byte[] data)
    {
        List<byte[]> messages = [];
        for (int at = 0, end; at + PrefixBytes <= data.Length; at = end)
        {
            end = at + PrefixBytes + BinaryPrimitives.ReadInt32BigEndian(data.AsSpan(at + 1));
            if (end > data.Length)
            {
                break;
            }

            messages.Add(data[(at + PrefixBytes)..end]);
        }

        return messages;
    }
}
