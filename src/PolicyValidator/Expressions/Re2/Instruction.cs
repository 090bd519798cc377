namespace PolicyValidator.Expressions.Re2;

/// <summary>What an instruction of RE2's automaton does.</summary>
internal enum InstructionOp : byte
{
    Fail,
    Alt,

    /// <summary>An alternative that loops over any byte or matches; it takes one instruction more in the flat program.</summary>
    AltMatch,
    ByteRange,
    Capture,
    EmptyWidth,
    Match,
    Nop,
}

/// <summary>
/// One instruction. <see cref="Out"/> and <see cref="Out1"/> name instructions by index; 0 is the one that fails,
/// and while a fragment is open they link the places that still have to be filled in.
/// </summary>
internal struct Instruction
{
    /// <summary>What it does.</summary>
    public InstructionOp Op;

    /// <summary>Whether a byte range takes both cases of ASCII letters.</summary>
    public bool FoldsCase;

    /// <summary>The first byte of a range.</summary>
    public byte Lo;

    /// <summary>The last byte of a range.</summary>
    public byte Hi;

    /// <summary>Where it goes on.</summary>
    public int Out;

    /// <summary>Where an alternative goes on otherwise.</summary>
    public int Out1;
}
