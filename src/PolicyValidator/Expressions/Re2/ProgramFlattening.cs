namespace PolicyValidator.Expressions.Re2;

/// <summary>
/// Counts the instructions that are left when RE2 flattens its automaton into lists. A list begins at a root (the start, and whatever
/// follows a byte, a capture or a position) and runs through alternatives; reaching another root costs an instruction that jumps there.
/// </summary>
internal sealed class ProgramFlattening(ProgramBuilder program, int start, int startUnanchored)
{
    private readonly bool[] isRoot = new bool[program.Count];
    private readonly List<int> roots = [];
    private readonly List<int>?[] predecessors = new List<int>?[program.Count];

    // Which instructions the last walk saw: those that carry its number.
    private readonly int[] seen = new int[program.Count];
    private readonly List<int> walked = [];
    private readonly Stack<int> open = [];
    private int walk;

    /// <summary>The number of instructions of the flat program.</summary>
    public int Size()
    {
        SkipNops();
        MarkLoopsOverAnything();
        AddRoot(0);
        AddRoot(startUnanchored);
        AddRoot(start);
        MarkSuccessors();
        foreach (int root in roots.Where(root => root != 0 && root != start && root != startUnanchored).OrderDescending().ToArray())
        {
            MarkDominators(root);
        }

        return roots.Sum(ListSize);
    }

    private static bool IsAlternative(InstructionOp op) => op is InstructionOp.Alt or InstructionOp.AltMatch;

    private void AddRoot(int id)
    {
        if (!isRoot[id])
        {
            isRoot[id] = true;
            roots.Add(id);
        }
    }

    // Where a walk has seen an instruction it has followed what the instruction says by then.
    private void SkipNops() => Walk(start, wholeProgram: true, id =>
    {
        program[id].Out = PastNops(program[id].Out);
        if (program[id].Op == InstructionOp.Alt)
        {
            program[id].Out1 = PastNops(program[id].Out1);
        }
    });

    private int PastNops(int id)
    {
        while (id != 0 && program[id].Op == InstructionOp.Nop)
        {
            id = program[id].Out;
        }

        return id;
    }

    private void MarkLoopsOverAnything() => Walk(start, wholeProgram: true, id =>
    {
        (int first, int second) = (program[id].Out, program[id].Out1);
        if (program[id].Op == InstructionOp.Alt
            && ((TakesAnyByteBackTo(first, id) && Matches(second)) || (Matches(first) && TakesAnyByteBackTo(second, id))))
        {
            program[id].Op = InstructionOp.AltMatch;
        }
    });

    private bool TakesAnyByteBackTo(int from, int to) =>
        program[from] is { Op: InstructionOp.ByteRange, Lo: 0, Hi: 0xFF } bytes && bytes.Out == to;

    private bool Matches(int id)
    {
        while (program[id].Op is InstructionOp.Capture or InstructionOp.Nop)
        {
            id = program[id].Out;
        }

        return program[id].Op == InstructionOp.Match;
    }

    private void MarkSuccessors() => Walk(startUnanchored, wholeProgram: true, id =>
    {
        Instruction instruction = program[id];
        if (IsAlternative(instruction.Op))
        {
            (predecessors[instruction.Out] ??= []).Add(id);
            (predecessors[instruction.Out1] ??= []).Add(id);
        }
        else if (instruction.Op is InstructionOp.ByteRange or InstructionOp.Capture or InstructionOp.EmptyWidth)
        {
            AddRoot(instruction.Out);
        }
    });

    // What a root leads to and something outside leads to as well must be a root too.
    private void MarkDominators(int root)
    {
        Walk(root, wholeProgram: false);
        foreach (int id in walked)
        {
            if (predecessors[id] is { } known && known.Exists(predecessor => seen[predecessor] != walk))
            {
                AddRoot(id);
            }
        }
    }

    private int ListSize(int root)
    {
        Walk(root, wholeProgram: false);
        return walked.Count(id => (id != root && isRoot[id]) || program[id].Op is not (InstructionOp.Alt or InstructionOp.Nop));
    }

    /// <summary>Visits everything reachable: of the whole program, or of one list, which ends at instructions that do something and at other roots.</summary>
    private void Walk(int from, bool wholeProgram, Action<int>? visit = null)
    {
        walk++;
        walked.Clear();
        open.Push(from);
        while (open.TryPop(out int id))
        {
            if (seen[id] == walk)
            {
                continue;
            }

            seen[id] = walk;
            walked.Add(id);
            visit?.Invoke(id);
            Instruction instruction = program[id];
            if (wholeProgram || id == from || !isRoot[id])
            {
                Follow(instruction, wholeProgram);
            }
        }
    }

    private void Follow(Instruction instruction, bool wholeProgram)
    {
        bool isAlternative = IsAlternative(instruction.Op);
        if (isAlternative)
        {
            open.Push(instruction.Out1);
        }

        if (isAlternative || instruction.Op == InstructionOp.Nop || (wholeProgram && instruction.Op is not (InstructionOp.Match or InstructionOp.Fail)))
        {
            open.Push(instruction.Out);
        }
    }
}
