namespace ExtProc.Attacks.Fuzz;

/// <summary>Recorded conversations whose frames are dropped, doubled, moved and changed.</summary>
internal sealed class FuzzedFrames : FuzzAttack
{
    protected override byte[] Make(Random random)
    {
        Conversation one = Recordings[random.Next(Recordings.Count)], other = Recordings[random.Next(Recordings.Count)];
        return [.. random.List(one.Frames, other.Frames, Mutation.Frame).SelectMany(frame => frame)];
    }
}
