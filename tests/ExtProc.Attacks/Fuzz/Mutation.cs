using System.Buffers.Binary;
using Google.Protobuf;

namespace ExtProc.Attacks.Fuzz;

/// <summary>Changes recorded input by chance, with an eye for its structure: most of what comes out is nearly right.</summary>
internal static class Mutation
{
    private static readonly byte[] Interesting = [0, 1, 0x7F, 0x80, 0xFF];

    /// <summary>A list with items dropped, doubled, moved, changed, or taken from elsewhere.</summary>
    /// <param name="random">where the chances come from</param>
    /// <param name="items">frames of a connection, or messages of a call</param>
    /// <param name="others">items that may be put in</param>
    /// <param name="change">changes one item</param>
    public static List<byte[]> List(this Random random, IReadOnlyList<byte[]> items, IReadOnlyList<byte[]> others, Func<Random, byte[], byte[]> change)
    {
        List<byte[]> list = [.. items];
        for (int times = random.Next(1, 5); times > 0 && list.Count > 0; times--)
        {
            int at = random.Next(list.Count);
            switch (random.Next(6))
            {
                case 0: list.RemoveAt(at); break;
                case 1: list.InsertRange(at, Enumerable.Repeat(list[at], random.Next(1, 50))); break;
                case 2: (list[at], list[random.Next(list.Count)]) = (list[random.Next(list.Count)], list[at]); break;
                case 3: list.Insert(at, others[random.Next(others.Count)]); break;
                default: list[at] = change(random, list[at]); break;
            }
        }

        return list;
    }

    /// <summary>A frame with another type, flag, stream, length or payload.</summary>
    public static byte[] Frame(Random random, byte[] frame)
    {
        byte[] changed = [.. frame];
        if (changed.Length < 9)
        {
            return Bytes(random, changed);
        }

        switch (random.Next(6))
        {
            case 0: changed[3] = (byte)random.Next(12); break;
            case 1: changed[4] ^= (byte)(1 << random.Next(8)); break;
            case 2: BinaryPrimitives.WriteInt32BigEndian(changed.AsSpan(5), random.Next(3) == 0 ? random.Next() : random.Next(20)); break;
            case 3: changed[random.Next(3)] = Interesting[random.Next(Interesting.Length)]; break;
            case 4: return changed[..random.Next(changed.Length)];
            default: return [.. changed[..9], .. Bytes(random, changed[9..])];
        }

        return changed;
    }

    /// <summary>A protobuf message with fields dropped, doubled, moved, nested or changed; bytes where it is none.</summary>
    public static byte[] Message(Random random, byte[] message) => Message(random, message, depth: 0);

    private static byte[] Message(Random random, byte[] message, int depth)
    {
        if (random.Next(4) == 0 || depth > 6 || !TryFields(message, out List<byte[]> fields) || fields.Count == 0)
        {
            return Bytes(random, message);
        }

        return [.. random.List(fields, fields, (_, field) => Field(random, field, depth)).SelectMany(field => field)];
    }

    private static byte[] Field(Random random, byte[] field, int depth)
    {
        if (!TryValue(field, out uint tag, out byte[] value))
        {
            return Bytes(random, field);
        }

        using MemoryStream into = new();
        using (CodedOutputStream output = new(into, leaveOpen: true))
        {
            output.WriteTag(random.Next(10) == 0 ? WireFormat.MakeTag(random.Next(1, 20), WireFormat.WireType.LengthDelimited) : tag);
            output.WriteBytes(ByteString.CopyFrom(Message(random, value, depth + 1)));
        }

        return into.ToArray();
    }

    /// <summary>False for what is no length-delimited field, or none any more.</summary>
    private static bool TryValue(byte[] field, out uint tag, out byte[] value)
    {
        (tag, value) = (0, []);
        try
        {
            CodedInputStream input = new(field);
            tag = input.ReadTag();
            if (WireFormat.GetTagWireType(tag) is not WireFormat.WireType.LengthDelimited)
            {
                return false;
            }

            value = input.ReadBytes().ToByteArray();
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static bool TryFields(byte[] message, out List<byte[]> fields)
    {
        fields = [];
        try
        {
            CodedInputStream input = new(message);
            for (long from = 0; !input.IsAtEnd; from = input.Position)
            {
                input.ReadTag();
                input.SkipLastField();
                fields.Add(message[(int)from..(int)input.Position]);
            }

            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static byte[] Bytes(Random random, byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return [Interesting[random.Next(Interesting.Length)]];
        }

        byte[] changed = [.. bytes];
        int at = random.Next(changed.Length);
        switch (random.Next(5))
        {
            case 0: changed[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: changed[at] = Interesting[random.Next(Interesting.Length)]; break;
            case 2: return changed[..at];
            case 3: return [.. changed[..at], .. changed[random.Next(at + 1)..]];
            default: random.NextBytes(changed.AsSpan(at, Math.Min(changed.Length - at, random.Next(1, 5)))); break;
        }

        return changed;
    }
}
