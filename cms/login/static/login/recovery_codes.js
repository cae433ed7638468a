/* Copies and prints the recovery codes; without JavaScript they can be selected. */
(function () {
    const codes = [...document.querySelectorAll('#recovery-codes code')];
    const copy = document.getElementById('recovery-codes-copy');
    const status = document.getElementById('recovery-codes-status');
    document.getElementById('recovery-codes-print').addEventListener('click', () => window.print());
    if (navigator.clipboard) {
        copy.addEventListener('click', async () => {
            await navigator.clipboard.writeText(codes.map((code) => code.textContent).join('\n'));
            status.textContent = copy.dataset.done;
        });
    } else {
        copy.hidden = true;
    }
    document.getElementById('recovery-codes-buttons').hidden = false;
})();
