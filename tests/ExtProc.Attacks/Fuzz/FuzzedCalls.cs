using ExtProc.Attacks.Running;
using ExtProc.Attacks.Wire;
using ExtProc.Tests.Transport;
using static ExtProc.Tests.Transport.RawFrames;

namespace ExtProc.Attacks.Fuzz;

/// <summary>Calls in sound frames whose messages come in any order and are changed inside.</summary>
internal sealed class FuzzedCalls : FuzzAttack
{
    private const int CallsOnOne = 8;

    public override Config Config => Configs.Replacing;

    protected override byte[] Make(Random random)
    {
        List<byte> bytes = [.. Peer.Preface, .. Frame(SettingsFrame, 0, 0, [])];
        for (int call = 0; call < CallsOnOne; call++)
        {
            int stream = (call * 2) + 1;
            bytes.AddRange(HeaderFrames(stream, RawHpack.Encode(Peer.Call()), endStream: false));
            byte[] data = [.. random.List(Pick(random), Pick(random), Mutation.Message).SelectMany(message => Requests.Framed(message))];
            bytes.AddRange(data.Chunk(LargestFrame).SelectMany(piece => Frame(DataFrame, 0, stream, piece)));
            bytes.AddRange(Frame(DataFrame, EndStreamFlag, stream, []));
        }

        return [.. bytes];
    }

    private static IReadOnlyList<byte[]> Pick(Random random)
    {
        Conversation one = Recordings[random.Next(Recordings.Count)];
        return one.Calls[random.Next(one.Calls.Count)];
    }
}
