namespace NanoOta.Releases.Packing;

/// <summary>Suffix arrays by induced sorting (Nong, Zhang and Chan 2009), in linear time.</summary>
internal static class SuffixArray
{
    /// <summary>The starts of all suffixes of a text, in the order of the suffixes.</summary>
    public static int[] Create(ReadOnlySpan<byte> text)
    {
        var symbols = new int[text.Length];
        for (int i = 0; i < symbols.Length; i++) symbols[i] = text[i];
        return Sort(symbols, 255);
    }

    private static int[] Sort(int[] text, int largest)
    {
        int n = text.Length;
        if (n == 0) return [];
        if (n == 1) return [0];
        var isSmaller = new bool[n];
        for (int i = n - 2; i >= 0; i--)
            isSmaller[i] = text[i] == text[i + 1] ? isSmaller[i + 1] : text[i] < text[i + 1];
        var buckets = new Buckets(text, isSmaller, largest);
        var names = new int[n];
        Array.Fill(names, -1);
        var starts = new List<int>();
        for (int i = 1; i < n; i++)
        {
            if (isSmaller[i - 1] || !isSmaller[i]) continue;
            names[i] = starts.Count;
            starts.Add(i);
        }

        int[] suffixes = buckets.Induce(starts);
        if (starts.Count == 0) return suffixes;
        var sorted = new List<int>(starts.Count);
        foreach (int i in suffixes)
            if (names[i] >= 0) sorted.Add(i);
        var reduced = new int[starts.Count];
        int last = NameSubstrings(text, starts, names, sorted, reduced);
        int[] order = Sort(reduced, last);
        for (int i = 0; i < order.Length; i++) sorted[i] = starts[order[i]];
        return buckets.Induce(sorted);
    }

    // Equal substrings between two starts get equal names; returns the largest name.
    private static int NameSubstrings(int[] text, List<int> starts, int[] names, List<int> sorted, int[] reduced)
    {
        int name = 0;
        for (int i = 1; i < sorted.Count; i++)
        {
            if (!AreSame(text, starts, names, sorted[i - 1], sorted[i])) name++;
            reduced[names[sorted[i]]] = name;
        }

        return name;
    }

    private static bool AreSame(int[] text, List<int> starts, int[] names, int left, int right)
    {
        int leftEnd = names[left] + 1 < starts.Count ? starts[names[left] + 1] : text.Length;
        int rightEnd = names[right] + 1 < starts.Count ? starts[names[right] + 1] : text.Length;
        if (leftEnd - left != rightEnd - right) return false;
        while (left < leftEnd && text[left] == text[right])
        {
            left++;
            right++;
        }

        return left >= leftEnd && left < text.Length && right < text.Length && text[left] == text[right];
    }

    private sealed class Buckets
    {
        private readonly int[] text;
        private readonly bool[] isSmaller;
        private readonly int[] larger;
        private readonly int[] smaller;

        public Buckets(int[] text, bool[] isSmaller, int largest)
        {
            this.text = text;
            this.isSmaller = isSmaller;
            larger = new int[largest + 2];
            smaller = new int[largest + 2];
            for (int i = 0; i < text.Length; i++)
            {
                if (isSmaller[i]) larger[text[i] + 1]++;
                else smaller[text[i]]++;
            }

            for (int i = 0; i <= largest; i++)
            {
                smaller[i] += larger[i];
                larger[i + 1] += smaller[i];
            }
        }

        public int[] Induce(List<int> starts)
        {
            int n = text.Length;
            var suffixes = new int[n];
            Array.Fill(suffixes, -1);
            var next = (int[])smaller.Clone();
            foreach (int i in starts) suffixes[next[text[i]]++] = i;
            next = (int[])larger.Clone();
            suffixes[next[text[n - 1]]++] = n - 1;
            for (int i = 0; i < n; i++)
            {
                int before = suffixes[i] - 1;
                if (before >= 0 && !isSmaller[before]) suffixes[next[text[before]]++] = before;
            }

            next = (int[])larger.Clone();
            for (int i = n - 1; i >= 0; i--)
            {
                int before = suffixes[i] - 1;
                if (before >= 0 && isSmaller[before]) suffixes[--next[text[before] + 1]] = before;
            }

            return suffixes;
        }
    }
}
