namespace ExtProc;

/// <summary>What has come of a body and is not dealt with yet, in one direction.</summary>
public sealed class Body
{
    /// <summary>Whether nothing more comes after this.</summary>
    public bool IsLast { get; internal set; }

    /// <summary>Whether the body goes on, but will not be shown.</summary>
    public bool IsCut { get; internal set; }

    /// <summary>Bytes held for the next call.</summary>
    internal int Held { get; private set; }

    /// <summary>Keeps the last bytes for the next call.</summary>
    public void Hold(int bytes) => Held = bytes;
}
