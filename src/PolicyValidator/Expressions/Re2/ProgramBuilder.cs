namespace PolicyValidator.Expressions.Re2;

/// <summary>Builds fragments of RE2's automaton instruction by instruction, within RE2's memory limit.</summary>
internal sealed class ProgramBuilder
{
    /// <summary>How many instructions fit into two thirds of RE2's 8 MiB, 8 bytes each.</summary>
    public const int MaxInstructions = (8 << 20) / 3 * 2 / 8;

    private Instruction[] instructions = new Instruction[64];

    /// <summary>How many instructions there are; the first is the one that fails.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>Whether the program would be larger than RE2 allows.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>An instruction, to read or to change.</summary>
    public ref Instruction this[int id] => ref instructions[id];

    /// <summary>A new instruction; 0 when there is no room.</summary>
    public int Add(Instruction instruction)
    {
        if (IsTooLarge || Count >= MaxInstructions)
        {
            IsTooLarge = true;
            return 0;
        }

        if (Count == instructions.Length)
        {
            Array.Resize(ref instructions, Count * 2);
        }

        instructions[Count] = instruction;
        return Count++;
    }

    /// <summary>Takes the newest instruction back.</summary>
    public void RemoveLast() => Count--;

    /// <summary>An instruction that goes on to what follows.</summary>
    public Fragment Step(InstructionOp op, bool nullable = true) => Open(Add(new() { Op = op }), second: false, nullable);

    /// <summary>A byte of the range.</summary>
    public Fragment Bytes(int lo, int hi, bool foldsCase) =>
        Open(Add(new() { Op = InstructionOp.ByteRange, Lo = (byte)lo, Hi = (byte)hi, FoldsCase = foldsCase }), second: false, nullable: false);

    /// <summary>The match.</summary>
    public Fragment Match() => new(Add(new() { Op = InstructionOp.Match }), 0, 0, Nullable: false);

    /// <summary>One after the other.</summary>
    public Fragment Then(Fragment left, Fragment right)
    {
        if (left.IsNoMatch || right.IsNoMatch)
        {
            return default;
        }

        bool isNop = instructions[left.Begin].Op == InstructionOp.Nop && left.Head == left.Begin << 1 && instructions[left.Begin].Out == 0;
        Patch(left.Head, right.Begin);
        return isNop ? right : new(left.Begin, right.Head, right.Tail, left.Nullable && right.Nullable);
    }

    /// <summary>One or the other.</summary>
    public Fragment Or(Fragment left, Fragment right)
    {
        if (left.IsNoMatch || right.IsNoMatch)
        {
            return left.IsNoMatch ? right : left;
        }

        int id = Add(new() { Op = InstructionOp.Alt, Out = left.Begin, Out1 = right.Begin });
        (int head, int tail) = Append((left.Head, left.Tail), (right.Head, right.Tail));
        return new(id, head, tail, left.Nullable || right.Nullable);
    }

    /// <summary>Once or more.</summary>
    public Fragment Plus(Fragment body, bool nonGreedy)
    {
        Fragment loop = Loop(body, nonGreedy);
        Patch(body.Head, loop.Begin);
        return new(body.Begin, loop.Head, loop.Tail, body.Nullable);
    }

    /// <summary>Any number of times. A body that may be empty needs a second alternative to keep priorities right.</summary>
    public Fragment Star(Fragment body, bool nonGreedy)
    {
        if (body.Nullable)
        {
            return Quest(Plus(body, nonGreedy), nonGreedy);
        }

        Fragment loop = Loop(body, nonGreedy);
        Patch(body.Head, loop.Begin);
        return loop with { Nullable = true };
    }

    /// <summary>Once or not.</summary>
    public Fragment Quest(Fragment body, bool nonGreedy)
    {
        if (body.IsNoMatch)
        {
            return Step(InstructionOp.Nop);
        }

        Fragment loop = Loop(body, nonGreedy);
        (int head, int tail) = Append((loop.Head, loop.Tail), (body.Head, body.Tail));
        return new(loop.Begin, head, tail, Nullable: true);
    }

    /// <summary>Between two capture marks.</summary>
    public Fragment Capture(Fragment body)
    {
        if (body.IsNoMatch)
        {
            return default;
        }

        int begin = Add(new() { Op = InstructionOp.Capture, Out = body.Begin });
        Fragment end = Step(InstructionOp.Capture);
        Patch(body.Head, end.Begin);
        return end with { Begin = begin, Nullable = body.Nullable };
    }

    /// <summary>Joins two lists of open ends.</summary>
    public (int Head, int Tail) Append((int Head, int Tail) left, (int Head, int Tail) right)
    {
        if (left.Head == 0 || right.Head == 0)
        {
            return left.Head == 0 ? right : left;
        }

        Link(left.Tail) = right.Head;
        return (left.Head, right.Tail);
    }

    /// <summary>Lets a list of open ends go on at <paramref name="target"/>.</summary>
    public void Patch(int list, int target)
    {
        while (list != 0)
        {
            ref int link = ref Link(list);
            list = link;
            link = target;
        }
    }

    private Fragment Loop(Fragment body, bool nonGreedy)
    {
        int id = Add(new() { Op = InstructionOp.Alt, Out = nonGreedy ? 0 : body.Begin, Out1 = nonGreedy ? body.Begin : 0 });
        return Open(id, second: !nonGreedy, nullable: true);
    }

    private static Fragment Open(int id, bool second, bool nullable)
    {
        int end = (id << 1) | (second ? 1 : 0);
        return id == 0 ? default : new(id, end, end, nullable);
    }

    private ref int Link(int end)
    {
        ref Instruction instruction = ref instructions[end >> 1];
        return ref (end & 1) == 0 ? ref instruction.Out : ref instruction.Out1;
    }
}
