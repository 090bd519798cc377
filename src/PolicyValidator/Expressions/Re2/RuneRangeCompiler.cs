namespace PolicyValidator.Expressions.Re2;

/// <summary>
/// Compiles one set of characters into byte ranges. In UTF-8 the ranges form a trie that shares beginnings,
/// and cached suffixes share ends; which are shared decides how many instructions come out.
/// </summary>
internal sealed class RuneRangeCompiler(ProgramBuilder program, bool latin1)
{
    private static readonly int[] MaxRuneOfLength = [0, 0x7F, 0x7FF, 0xFFFF];
    private readonly Dictionary<(byte Lo, byte Hi, bool FoldsCase, int Next), int> suffixes = [];
    private (int Head, int Tail) ends;
    private int root;

    /// <summary>The fragment of all ranges that were added.</summary>
    public Fragment Finish() => new(root, ends.Head, ends.Tail, Nullable: false);

    /// <summary>Adds a range; ranges come in order.</summary>
    public void Add(int lo, int hi, bool foldsCase)
    {
        if (latin1)
        {
            if (lo <= 0xFF)
            {
                AddLatin1(lo, Math.Min(hi, 0xFF), foldsCase);
            }
        }
        else if (lo <= hi)
        {
            AddUtf8(lo, hi, foldsCase);
        }
    }

    private void AddLatin1(int lo, int hi, bool foldsCase)
    {
        int id = NewSuffix(lo, hi, foldsCase, 0);
        root = root == 0 ? id : program.Add(new() { Op = InstructionOp.Alt, Out = root, Out1 = id });
    }

    private void AddUtf8(int lo, int hi, bool foldsCase)
    {
        if (lo == 0x80 && hi == RuneSet.MaxRune)
        {
            AddAllBeyondAscii();
            return;
        }

        for (int length = 1; length < 4; length++)
        {
            int max = MaxRuneOfLength[length];
            if (lo <= max && max < hi)
            {
                Add(lo, max, foldsCase);
                Add(max + 1, hi, foldsCase);
                return;
            }
        }

        if (hi < 0x80)
        {
            AddSuffix(NewSuffix(lo, hi, foldsCase, 0));
            return;
        }

        if (!SplitAtLeadingBytes(lo, hi, foldsCase))
        {
            AddSequence(lo, hi);
        }
    }

    // Overlong forms are let in: it keeps the most common range small.
    private void AddAllBeyondAscii()
    {
        int last = NewSuffix(0x80, 0xBF, false, 0);
        AddSuffix(NewSuffix(0xC2, 0xDF, false, last));
        int second = NewSuffix(0x80, 0xBF, false, last);
        AddSuffix(NewSuffix(0xE0, 0xEF, false, second));
        int third = NewSuffix(0x80, 0xBF, false, second);
        AddSuffix(NewSuffix(0xF0, 0xF4, false, third));
    }

    private bool SplitAtLeadingBytes(int lo, int hi, bool foldsCase)
    {
        for (int bytes = 1; bytes < 4; bytes++)
        {
            int mask = (1 << (6 * bytes)) - 1;
            if ((lo & ~mask) == (hi & ~mask))
            {
                continue;
            }

            if ((lo & mask) != 0)
            {
                Add(lo, lo | mask, foldsCase);
                Add((lo | mask) + 1, hi, foldsCase);
                return true;
            }

            if ((hi & mask) != mask)
            {
                Add(lo, (hi & ~mask) - 1, foldsCase);
                Add(hi & ~mask, hi, foldsCase);
                return true;
            }
        }

        return false;
    }

    private void AddSequence(int lo, int hi)
    {
        Span<byte> first = stackalloc byte[4];
        Span<byte> last = stackalloc byte[4];
        int length = Utf8.Encode(lo, first);
        Utf8.Encode(hi, last);
        int id = 0;
        for (int i = length - 1; i >= 0; i--)
        {
            bool cached = i == length - 1 || (first[i] < last[i] && i != 0);
            id = cached ? CachedSuffix(first[i], last[i], id) : NewSuffix(first[i], last[i], false, id);
        }

        AddSuffix(id);
    }

    private int NewSuffix(int lo, int hi, bool foldsCase, int next)
    {
        Fragment bytes = program.Bytes(lo, hi, foldsCase);
        if (next != 0)
        {
            program.Patch(bytes.Head, next);
        }
        else
        {
            ends = program.Append(ends, (bytes.Head, bytes.Tail));
        }

        return bytes.Begin;
    }

    private int CachedSuffix(byte lo, byte hi, int next)
    {
        if (!suffixes.TryGetValue((lo, hi, false, next), out int id))
        {
            id = suffixes[(lo, hi, false, next)] = NewSuffix(lo, hi, false, next);
        }

        return id;
    }

    private bool IsCached(int id)
    {
        Instruction suffix = program[id];
        return suffixes.ContainsKey((suffix.Lo, suffix.Hi, suffix.FoldsCase, suffix.Out));
    }

    private void AddSuffix(int id)
    {
        if (!program.IsTooLarge)
        {
            root = root == 0 ? id : Insert(root, id);
        }
    }

    // Puts the sequence that begins at id into the trie at node; ranges are sorted, so only the newest branch can share a byte with it.
    private int Insert(int node, int id)
    {
        bool isAlternative = program[node].Op == InstructionOp.Alt;
        int branch = isAlternative ? program[node].Out1 : node;
        if (!SameBytes(branch, id))
        {
            return program.Add(new() { Op = InstructionOp.Alt, Out = node, Out1 = id });
        }

        if (IsCached(branch))
        {
            // A cached suffix ends other sequences too: change a copy of its head.
            branch = program.Add(program[branch]);
            if (isAlternative)
            {
                program[node].Out1 = branch;
            }
            else
            {
                node = branch;
            }
        }

        int rest = program[id].Out;
        if (!IsCached(id))
        {
            program.RemoveLast();
        }

        int merged = Insert(program[branch].Out, rest);
        program[branch].Out = merged;
        return node;
    }

    private bool SameBytes(int left, int right)
    {
        (Instruction a, Instruction b) = (program[left], program[right]);
        return a.Lo == b.Lo && a.Hi == b.Hi && a.FoldsCase == b.FoldsCase;
    }
}
