namespace PolicyValidator.Expressions.Re2;

/// <summary>
/// Counts the instructions that are left when RE2 flattens its automaton into lists. A list begins at a root (the start, and whatever
/// follows a byte, a capture or a position) and runs through alternatives; reaching another root costs an instruction that jumps there.
/// </summary>
internal sealed class ProgramFlattening(ProgramBuilder program, int start, int startUnanchored)
{
    private readonly HashSet<int> roots = [0, startUnanchored, start];
    private readonly Dictionary<int, List<int>> predecessors = [];

    /// <summary>The number of instructions of the flat program.</summary>
    public int Size()
    {
        SkipNops();
        MarkLoopsOverAnything();
        MarkSuccessors();
        foreach (int root in roots.Where(root => root != 0 && root != start && root != startUnanchored).OrderDescending().ToArray())
        {
            MarkDominators(root);
        }

        return roots.Sum(ListSize);
    }

    private static bool IsAlternative(InstructionOp op) => op is InstructionOp.Alt or InstructionOp.AltMatch;

    private void SkipNops()
    {
        foreach (int id in Reachable(start, _ => true))
        {
            program[id].Out = PastNops(program[id].Out);
            if (program[id].Op == InstructionOp.Alt)
            {
                program[id].Out1 = PastNops(program[id].Out1);
            }
        }
    }

    private int PastNops(int id)
    {
        while (id != 0 && program[id].Op == InstructionOp.Nop)
        {
            id = program[id].Out;
        }

        return id;
    }

    private void MarkLoopsOverAnything()
    {
        foreach (int id in Reachable(start, _ => true).Where(id => program[id].Op == InstructionOp.Alt))
        {
            (int first, int second) = (program[id].Out, program[id].Out1);
            if ((TakesAnyByteBackTo(first, id) && Matches(second)) || (Matches(first) && TakesAnyByteBackTo(second, id)))
            {
                program[id].Op = InstructionOp.AltMatch;
            }
        }
    }

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

    private void MarkSuccessors()
    {
        foreach (int id in Reachable(startUnanchored, _ => true))
        {
            Instruction instruction = program[id];
            if (IsAlternative(instruction.Op))
            {
                AddPredecessor(instruction.Out, id);
                AddPredecessor(instruction.Out1, id);
            }
            else if (instruction.Op is InstructionOp.ByteRange or InstructionOp.Capture or InstructionOp.EmptyWidth)
            {
                roots.Add(instruction.Out);
            }
        }
    }

    private void AddPredecessor(int id, int predecessor)
    {
        if (!predecessors.TryGetValue(id, out List<int>? known))
        {
            known = predecessors[id] = [];
        }

        known.Add(predecessor);
    }

    // What a root leads to and something outside leads to as well must be a root too.
    private void MarkDominators(int root)
    {
        HashSet<int> list = [.. Reachable(root, id => id == root || !roots.Contains(id), throughLists: false)];
        foreach (int id in list)
        {
            if (predecessors.TryGetValue(id, out List<int>? known) && known.Any(predecessor => !list.Contains(predecessor)))
            {
                roots.Add(id);
            }
        }
    }

    private int ListSize(int root) => Reachable(root, id => id == root || !roots.Contains(id), throughLists: false)
        .Sum(id => (id != root && roots.Contains(id)) ? 1 : program[id].Op is InstructionOp.Alt or InstructionOp.Nop ? 0 : 1);

    /// <summary>Everything reachable from <paramref name="from"/>, going on only where <paramref name="enter"/> says so.</summary>
    private IEnumerable<int> Reachable(int from, Func<int, bool> enter, bool throughLists = true)
    {
        HashSet<int> seen = [];
        Stack<int> open = new([from]);
        while (open.TryPop(out int id))
        {
            if (!seen.Add(id))
            {
                continue;
            }

            yield return id;
            if (!enter(id))
            {
                continue;
            }

            Instruction instruction = program[id];
            bool isAlternative = IsAlternative(instruction.Op);
            if (isAlternative)
            {
                open.Push(instruction.Out1);
            }

            if (isAlternative || instruction.Op == InstructionOp.Nop
                || (throughLists && instruction.Op is not (InstructionOp.Match or InstructionOp.Fail)))
            {
                open.Push(instruction.Out);
            }
        }
    }
}
